import { randomUUID } from 'node:crypto';
import type { ArtifactFiles } from '../pipeline/accept/contract.js';
import type { BuildCall, Operations } from './contract.js';
import { SlipwayError } from '../errors.js';
import type { Artifact } from '../model/artifact.js';
import type { Build } from '../model/build.js';
import type { Service } from '../model/service.js';
import type { Trigger } from '../model/trigger.js';
import type { QueueDeps } from '../queue/deps.js';
import { evaluate } from '../decide/evaluate.js';
import { openPackaging } from '../decide/packaging-reader.js';
import { plannedDecision } from '../queue/planned-decision.js';
import { recordPlan } from '../queue/record-plan.js';
import { requireCallbackUrl } from '../pipeline/notify/send/callback-url.js';
import { branchRef, isTag } from '../git-ref.js';
import { buildOf, queueForced } from './forced-build.js';
import { claimKey, earlierAnswer, type KeyedCall } from './idempotency.js';
import { chooseBranch, resolveCommit, type ChosenBranch } from './revision.js';
import { serviceOf } from './service-of.js';

export interface BuildCallDeps extends QueueDeps {
  /** Hosts (`host` or `host:port`) that callbacks may be sent to. */
  readonly callbackHosts: () => readonly string[];
  readonly artifacts: Pick<ArtifactFiles, 'keep' | 'discard'>;
}

type Answer = Awaited<ReturnType<Operations['call']>>;

interface Understood {
  readonly call: BuildCall;
  readonly service: Service;
  readonly chosen: ChosenBranch;
  /** The commit of the call, or null. */
  readonly commit: string | null;
}

/** Jenkins' call. With an artifact: a forced build of it. Without one: a new look. */
export async function buildCall(call: BuildCall, deps: BuildCallDeps): Promise<Answer> {
  const service = serviceOf(call.service, deps);
  requireArtifactPlace(call, service);
  if (call.callbackUrl !== null) requireCallbackUrl(call.callbackUrl, deps.callbackHosts());
  const keyed = await earlierAnswer(keyedCall(call), deps.store).catch(asRefusal);
  const earlier = typeof keyed === 'string' ? await deps.store.builds.get(keyed) : null;
  if (earlier !== null) return repeated(earlier, call, deps);
  const mirror = deps.git.mirror(service.repository);
  const chosen = chooseBranch(service, call.branch, await mirror.remote.refs());
  await mirror.remote.fetch([chosen.tip]);
  const commit = call.commit === null ? null : await resolveCommit(call.commit, service.repository, mirror);
  // Last, so that a refused call leaves its key for the corrected one.
  if (keyed instanceof SlipwayError) throw keyed;
  const understood = { call, service, chosen, commit };
  return call.artifact ? buildArtifact(understood, call.artifact, deps) : lookAgain(understood, deps);
}

/** A conflict, to be thrown later. */
function asRefusal(error: unknown): SlipwayError {
  if (error instanceof SlipwayError && error.code === 'idempotency-conflict') return error;
  throw error;
}

function requireArtifactPlace({ artifact }: BuildCall, service: Service): void {
  if (artifact === null || service.artifact !== null) return;
  throw new SlipwayError('artifact-unexpected', `${service.name} has no artifact path to put ${artifact.name} at.`);
}

/** The call as far as its key is concerned. */
export const keyedCall = ({ by, idempotencyKey, ...call }: BuildCall): KeyedCall => {
  const { service, branch, commit, version, callbackUrl, artifact } = call;
  const request = { service, branch, commit, version, callbackUrl, artifact: artifact?.sha256 ?? null };
  return { by, name: 'build', key: idempotencyKey, request };
};

async function repeated(build: Build, { artifact }: BuildCall, { artifacts }: BuildCallDeps): Promise<Answer> {
  if (artifact) await artifacts.discard(artifact);
  return { build };
}

const triggerOf = ({ by }: BuildCall): Trigger => ({ kind: 'api', deliveryId: null, by });

async function buildArtifact(
  { call, service, chosen, commit }: Understood,
  upload: NonNullable<BuildCall['artifact']>,
  deps: BuildCallDeps,
): Promise<Answer> {
  const id = await claimKey(keyedCall(call), randomUUID(), deps.store);
  const other = await deps.store.builds.get(id);
  if (other !== null) return repeated(other, call, deps);
  const of = { service: service.name, branch: chosen.branch, commit: commit ?? chosen.tip, version: call.version };
  // Whatever fails from here on, the artifact is on record: the next look builds what it counts for.
  const artifact = await recordArtifact(of, upload, deps);
  await lookAtWaiting(artifact, service, triggerOf(call), deps);
  const { version, callbackUrl } = call;
  const build = await queueForced(
    {
      service,
      branch: chosen.branch,
      commit: artifact.commit,
      because: `${call.by} sent the artifact ${upload.name}.`,
      trigger: triggerOf(call),
      artifact,
      wishes: { id, version, callbackUrl },
    },
    deps,
  );
  return { build };
}

/** Puts an upload on record. A call that comes again after its answer was lost, or after it failed, brings the same file: it is kept once. */
async function recordArtifact(
  of: Pick<Artifact, 'service' | 'branch' | 'commit' | 'version'>,
  upload: NonNullable<BuildCall['artifact']>,
  { store, artifacts, clock }: BuildCallDeps,
): Promise<Artifact> {
  const { name: _name, ...received } = upload;
  const newest = await store.artifacts.ofCommit(of.service, of.commit);
  if (newest?.sha256 === received.sha256 && newest.branch === of.branch && newest.version === of.version) {
    await artifacts.discard(upload);
    return newest;
  }
  const artifact: Artifact = { id: randomUUID(), ...of, ...received, receivedAt: clock.now() };
  await store.artifacts.add(artifact);
  artifacts.keep(upload);
  return artifact;
}

/**
 * Looks again at git tags that were pushed before the artifact of their commit arrived, and at the branches if another one than the
 * artifact's waits: their heads may come from its commit. The end of the build looks at the artifact's own branch.
 */
async function lookAtWaiting(
  { branch: own, commit, receivedAt }: Artifact,
  { name, repository }: Service,
  trigger: Trigger,
  { store, events }: BuildCallDeps,
): Promise<void> {
  const refs = new Set<string | null>();
  for (const branch of await store.decisions.branches(name)) {
    const newest = branch === own ? null : await store.decisions.newest(name, branch);
    if (newest?.reason.code !== 'waiting-for-artifact') continue;
    if (!isTag(branch)) refs.add(null);
    else if (newest.head === commit) refs.add(branch);
  }
  for (const ref of refs) {
    await store.looks.add({ trigger, repository, ref, services: [name], before: null, after: null, dueAt: receivedAt });
    events.publish({ type: 'look' });
  }
}

async function lookAgain({ call, service, chosen }: Understood, deps: BuildCallDeps): Promise<Answer> {
  const request = { service, ref: branchRef(chosen.branch), head: chosen.tip, forced: null };
  const evaluation = await evaluate(request, await openPackaging(deps), deps);
  const { version, callbackUrl } = call;
  const wishes = { callbackUrl, ...(version === null ? {} : { version }) };
  const planned = plannedDecision(service, evaluation, triggerOf(call), deps.clock.now(), wishes);
  const [recorded] = await recordPlan(null, [planned], deps);
  if (recorded?.decision !== 'build') return { decision: { ...evaluation.decision, buildId: null } };
  const build = await buildOf(recorded.buildId, deps);
  // Afterwards: only now is it known whether the call joined a build.
  await claimKey(keyedCall(call), build.id, deps.store);
  return { build };
}
