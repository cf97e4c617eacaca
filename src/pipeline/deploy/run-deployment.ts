import { SlipwayError } from '../../errors.js';
import type { Deployment, KeptSpecification, TurnedBack } from '../../model/deployment.js';
import type { DeploymentEnd } from '../../store/contract.js';
import type { DeployAttempt } from './attempt.js';
import type { DeployDeps } from './deps.js';
import { errorOf, isByService } from './deployment-error.js';
import { expectedVersion } from './expected-version.js';
import { goBack } from './go-back.js';
import { goForward } from './go-forward.js';
import type { Target } from './host-work.js';
import type { Mask } from '../../mask.js';
import { maskOf } from './mask.js';
import { Notes } from './notes.js';
import { replacesRelease } from './replaces-release.js';
import { Stopped } from './stopped.js';
import { variablesIn } from './variables-in.js';
import { versionNames } from './version-names.js';

/** The signals of an attempt. */
export interface AttemptSignals {
  /** Aborts with `Stopped` when the server stops or the lease is lost. */
  readonly whole: AbortSignal;
  /** Aborts as well when somebody cancels the deployment. */
  readonly forward: AbortSignal;
}

/** How an attempt ends: with the deployment's end, or null if another attempt has to go on. */
export type AttemptEnd = DeploymentEnd | null;

/**
 * One attempt at a deployment, from what it finds to its end: the hosts are brought to the release or, once anything went wrong or somebody
 * canceled, back to what ran before. The store says only which of the two; everything else follows from what runs. Fails with `Stopped`
 * (`drain`, `lost`), or with an error of the store.
 */
export async function runDeployment(
  deployment: Deployment,
  signals: AttemptSignals,
  deps: DeployDeps,
): Promise<AttemptEnd> {
  const environment = deps.environments().get(deployment.environment);
  if (environment === undefined) return gone(deployment);
  const specification = await deps.store.deployments.specification(deployment.id);
  const target = await targetOf(deployment, specification, deps);
  if (target === null && isAboutDesired(deployment))
    return refusal(new SlipwayError('no-release', `Nothing of ${deployment.service} is desired there any more.`));
  const mask =
    specification === null
      ? (text: string) => text
      : maskOf(specification, variablesIn({ environment, deployment }, deps));
  const notes = new Notes(deployment, deps, mask);
  const attempt = { deployment, environment, notes, signal: signals.forward };
  const back = (why: TurnedBack, thrown: unknown) =>
    turnBack({ attempt: { ...attempt, signal: signals.whole }, target, mask }, why, thrown, deps);
  if (deployment.turnedBack !== null) return back(deployment.turnedBack, deployment.error);
  if (deployment.cancelRequested) return back('canceled', null);
  try {
    const end = await goForward(attempt, target, mask, deps);
    await notes.say(notes.isIdle ? `${end.status}: nothing had to be done` : end.status);
    return end;
  } catch (thrown) {
    const stopped = signals.forward.aborted ? signals.forward.reason : thrown;
    const wish = stopped instanceof Stopped ? wishes[stopped.kind] : undefined;
    if (stopped instanceof Stopped && wish === undefined) throw stopped;
    // What is decided without the store is forgotten; the next attempt finds out again.
    if (thrown instanceof SlipwayError && thrown.code === 'store-unavailable') throw thrown;
    return back(wish ?? 'failed', thrown);
  }
}

/** Why it turns back if somebody wants it to. */
const wishes: Partial<Record<Stopped['kind'], TurnedBack>> = { cancel: 'canceled', superseded: 'superseded' };

interface Back {
  readonly attempt: DeployAttempt;
  readonly target: Target | null;
  readonly mask: Mask;
}

/** Remembers why before it turns back, so that no later attempt goes on. */
async function turnBack(back: Back, why: TurnedBack, thrown: unknown, deps: DeployDeps): Promise<AttemptEnd> {
  const { deployment, notes } = back.attempt;
  const error = why !== 'failed' ? null : isStored(thrown) ? thrown : errorOf(thrown, back.mask);
  const { id, claim } = deployment;
  if (!(await deps.store.deployments.turnBack({ id, claim }, why, error))) throw new Stopped('lost');
  await notes.say(error === null ? words[why] : error.message, error?.host ?? null);
  // Nothing was changed there.
  const nothing = { restored: false, behind: [] };
  const { restored, behind } =
    deployment.kind === 'adopt' ? nothing : await goBack(back.attempt, back.target, back.mask, deps);
  const status = why === 'superseded' ? why : restored ? 'rolled-back' : error === null ? 'canceled' : 'failed';
  await notes.say(status);
  return error === null || status === 'canceled' || status === 'superseded'
    ? { status: status === 'failed' ? 'canceled' : status, error: null, behind }
    : { status, error, behind, blocks: replacesRelease(deployment) && isByService(error.code) };
}

const words = {
  failed: 'it failed',
  canceled: 'somebody canceled it',
  superseded: 'a newer one takes its place',
} as const satisfies Record<TurnedBack, string>;

const isStored = (thrown: unknown): thrown is NonNullable<Deployment['error']> =>
  typeof thrown === 'object' && thrown !== null && !(thrown instanceof Error) && 'blame' in thrown;

/** These are about what is desired when their turn comes, whatever it was when they were asked for. */
const isAboutDesired = ({ kind }: Deployment): boolean => kind === 'restart' || kind === 'start' || kind === 'repair';

/** Null for a deployment that wants nothing to run. */
async function targetOf(
  deployment: Deployment,
  specification: KeptSpecification | null,
  deps: DeployDeps,
): Promise<Target | null> {
  const { kind, id, environment, service } = deployment;
  const desired = isAboutDesired(deployment) ? await deps.store.deployments.desired(environment, service) : null;
  const release = isAboutDesired(deployment) ? desired?.release : deployment.release;
  const kept = isAboutDesired(deployment) ? desired?.specification : specification;
  if (kind === 'stop' || !kept || !release) return null;
  const names = await versionNames(service, release, deps);
  const expected = expectedVersion(kept.verify?.expect, names);
  return { environment, service, deploymentId: id, release: release.number, specification: kept, expected };
}

function gone({ environment }: Deployment): DeploymentEnd {
  return refusal(new SlipwayError('unknown-environment', `The environment ${environment} has left the configuration.`));
}

/** The end of a deployment that never began to change a host. */
const refusal = (error: SlipwayError): DeploymentEnd => ({
  status: 'failed',
  error: errorOf(error, (text) => text),
  behind: [],
  blocks: false,
});
