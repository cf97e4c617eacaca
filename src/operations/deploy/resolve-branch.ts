import { SlipwayError } from '../../errors.js';
import { openPackaging } from '../../decide/packaging-reader.js';
import { evaluate } from '../../decide/evaluate.js';
import { parseRef } from '../../git-ref.js';
import type { Build } from '../../model/build.js';
import type { RecordedDecision } from '../../model/decision.js';
import type { Release } from '../../model/release.js';
import type { Service } from '../../model/service.js';
import { plannedDecision } from '../../queue/planned-decision.js';
import { recordPlan } from '../../queue/record-plan.js';
import type { DeployDeps } from './deps.js';
import { noRelease } from './no-release.js';

/** Digits of a commit in a message. */
const SHORT_COMMIT = 12;

/** A release, or the build whose release is meant. */
export type Resolved =
  { readonly release: Release } | { readonly build: { readonly id: string; readonly branch: string } };

export interface BranchOptions {
  /** Who asks. Null: nothing is recorded, and no build is waited for. */
  readonly by: string | null;
}

interface Head {
  readonly service: Service;
  readonly branch: string;
  readonly commit: string;
}

/**
 * The newest release of a branch that covers its head, or the build that will make it. A head that nobody has looked at yet is looked at, as
 * after a push. Fails with `unknown-revision` if there is no such branch, `no-release`, and the codes of the git host.
 */
export async function resolveBranch(
  service: Service,
  branch: string,
  options: BranchOptions,
  deps: DeployDeps,
): Promise<Resolved> {
  const head = { service, branch, commit: await headOf(service, branch, deps) };
  const known = await covering(head, deps);
  if (known !== null) return { release: known };
  const decision = await decisionAbout(head, deps);
  const build = await buildOf(head, decision, deps);
  if (build !== null && isUnfinished(build)) return awaited(build, { branch, name: nameOf(head) }, decision, options);
  // It may have ended since the first question.
  const made = build?.status === 'succeeded' ? await covering(head, deps) : null;
  if (made !== null) return { release: made };
  if (decision !== null && build?.status !== 'superseded') throw notReleased(head, decision, build);
  return lookAgain(head, options, deps);
}

const covering = ({ service, branch, commit }: Head, { store }: DeployDeps) =>
  store.releases.covering(service.name, branch, commit);

export const isUnfinished = ({ status }: Build): boolean => status === 'queued' || status === 'running';

/** As the git host has it. While that is away, as it was when it was decided on last. */
async function headOf(service: Service, branch: string, { heads, store }: DeployDeps): Promise<string> {
  const head = (await heads.of(service, [branch])).get(branch);
  if (head === null)
    throw new SlipwayError('unknown-revision', `${service.repository} has no branch ${JSON.stringify(branch)}.`);
  const last = head ?? (await store.decisions.newest(service.name, branch))?.head ?? null;
  if (last !== null) return last;
  throw new SlipwayError('git-unavailable', `The git host does not say what the head of ${branch} is.`);
}

async function decisionAbout({ service, branch, commit }: Head, { store }: DeployDeps) {
  const decision = await store.decisions.newest(service.name, branch, commit);
  return decision?.head === commit ? decision : null;
}

async function buildOf({ service, branch, commit }: Head, decision: RecordedDecision | null, { store }: DeployDeps) {
  const own = await store.builds.newest(service.name, branch, commit);
  const id = decision?.buildId ?? null;
  return own ?? (id === null ? null : store.builds.get(id));
}

/** A build that is waited for. Fails with `no-release` for a plan, which waits for nothing. */
export function awaited(
  { id }: Pick<Build, 'id'>,
  head: { readonly branch: string; readonly name: string },
  decision: RecordedDecision | null,
  { by }: BranchOptions,
): Resolved {
  if (by !== null) return { build: { id, branch: head.branch } };
  throw noRelease(`Build ${id} of ${head.name} has not ended, so there is no release to plan yet.`, decision);
}

/** How the end of a build reads. One that has not ended is waited for. */
const endings: Readonly<Record<Build['status'], string>> = {
  queued: 'is queued',
  running: 'is running',
  succeeded: 'succeeded',
  failed: 'failed',
  canceled: 'was canceled',
  superseded: 'was superseded',
};

function notReleased(head: Head, decision: RecordedDecision | null, build: Build | null): SlipwayError {
  const message = `No release of ${head.service.name} covers ${nameOf(head)}.`;
  if (build === null) return noRelease(message, decision);
  const why = build.error === null ? '.' : `: ${build.error.message.trimEnd()}`;
  return noRelease(`${message} Build ${build.id} ${endings[build.status]}${why}`, decision, { why: false });
}

const nameOf = ({ branch, commit }: Head): string => `${commit.slice(0, SHORT_COMMIT)}, the head of ${branch}`;

async function lookAgain(head: Head, options: BranchOptions, deps: DeployDeps): Promise<Resolved> {
  const { service, branch, commit } = head;
  await deps.git.mirror(service.repository).remote.fetch([commit]);
  const request = { service, ref: parseRef(branch), head: commit, forced: null };
  const evaluation = await evaluate(request, await openPackaging(deps), deps);
  if (options.by === null)
    throw noRelease(`No release of ${service.name} covers ${nameOf(head)} yet.`, evaluation.decision);
  const trigger = { kind: 'api', deliveryId: null, by: options.by } as const;
  const planned = plannedDecision(service, evaluation, trigger, deps.clock.now());
  const [recorded] = await recordPlan(null, [planned], deps);
  const release = await covering(head, deps);
  if (release !== null) return { release };
  const build = await buildOf(head, recorded ?? null, deps);
  if (build !== null && isUnfinished(build))
    return awaited(build, { branch, name: nameOf(head) }, recorded ?? null, options);
  throw notReleased(head, recorded ?? null, build);
}
