import type { Deployment } from '../../model/deployment.js';
import type { HostSettings } from '../../model/environment.js';
import type { DeploymentEnd } from '../../store/contract.js';
import { adoptObserved } from './adopt-observed.js';
import type { DeployAttempt } from './attempt.js';
import { requireOpenGate } from './await-gate.js';
import { changedByHand } from './changed-by-hand.js';
import { runOf, type Course } from './converge.js';
import type { DeployDeps } from './deps.js';
import type { HostWork, Target } from './host-work.js';
import { leaveRunning } from './leave-running.js';
import { lookAtPair } from './look-at-pair.js';
import type { Mask } from '../../mask.js';
import { persist, whileReached } from './persist.js';
import { preflight } from './preflight.js';
import { reachHosts, type Reached } from './reach-hosts.js';
import { replacesRelease } from './replaces-release.js';
import { requireKnown } from './require-known.js';
import { tidyHost } from './tidy-host.js';
import { verifiesAnew } from './verifies-anew.js';

/**
 * Brings every host to the target, one after another, once all of them are prepared: nothing is stopped before every host that can be reached
 * has its container, and the gates are open. Fails with the first fault of a host; then the others are untouched.
 */
export async function goForward(
  attempt: DeployAttempt,
  target: Target | null,
  mask: Mask,
  deps: DeployDeps,
): Promise<DeploymentEnd> {
  const reached = await reachHosts(hostsOf(attempt), attempt, mask, deps);
  if (attempt.deployment.kind === 'adopt' && target !== null) return adoptObserved(target, reached);
  try {
    return await forward(attempt, target, reached, deps);
  } catch (error) {
    if (target !== null) await leaveRunning(reached.works);
    throw error;
  }
}

async function forward(
  attempt: DeployAttempt,
  target: Target | null,
  { works, leftOut }: Reached,
  deps: DeployDeps,
): Promise<DeploymentEnd> {
  const { deployment, notes } = attempt;
  const stale = await staleRuns(attempt, works, deps);
  const changed = await changedOnes(attempt, target, works);
  const recheck = target !== null && (await verifiesAnew(target, deps));
  const course: Course = { pair: deployment, target, mayReplace: true, stale, changed, recheck };
  if (target !== null) {
    await preflight(target, works);
    await Promise.all(works.map((work) => prepare(course, work)));
  } else {
    for (const work of works)
      await whileReached(work, async () => requireKnown(await lookAtPair(work.host, deployment, deps.labels), work));
  }
  await requireOpenGate(attempt, deps);
  for (const work of works) {
    await persist(course, work);
    await notes.phase(work.host.name, 'done');
  }
  if (target !== null && target.specification.verify === null)
    await notes.caution('version-not-asked: nothing says how to ask a container for its version.');
  if (replacesRelease(deployment)) for (const work of works) await tidyHost(work);
  if (deployment.only !== null) await catchUp(deployment, works, deps);
  if (deployment.removes && leftOut.length > 0)
    await notes.caution('A host was left out, so it is only stopped. Once the host is back, remove it again.');
  return endOf(attempt, leftOut);
}

/** In the order of the configuration. */
export function hostsOf({ deployment, environment }: DeployAttempt): readonly HostSettings[] {
  const { only } = deployment;
  return [...environment.hosts.values()].filter(({ name }) => only === null || only.includes(name));
}

async function prepare(course: Course, work: HostWork): Promise<void> {
  const { attempt, host } = work;
  await attempt.notes.phase(host.name, 'preparing');
  await persist({ ...course, mayReplace: false }, work);
  await attempt.notes.phase(host.name, 'ready');
}

/** What ran when a restart was asked for. A later attempt does not know, and restarts once more where a host is not noted as done. */
async function staleRuns(
  { deployment }: DeployAttempt,
  works: readonly HostWork[],
  deps: DeployDeps,
): Promise<ReadonlySet<string>> {
  const stale = new Set<string>();
  if (deployment.kind !== 'restart') return stale;
  const done = deployment.hosts.filter(({ state }) => state === 'done').map(({ host }) => host);
  for (const work of works.filter(({ host }) => !done.includes(host.name))) {
    const present = await whileReached(work, () => lookAtPair(work.host, deployment, deps.labels));
    for (const one of present) stale.add(runOf(one));
  }
  return stale;
}

/** A repair undoes what was changed by hand, if the environment wants that. */
async function changedOnes(
  { deployment, environment }: DeployAttempt,
  target: Target | null,
  works: readonly HostWork[],
): Promise<ReadonlySet<string>> {
  if (target === null || deployment.kind !== 'repair' || environment.repair !== 'all') return new Set();
  const found = await Promise.all(works.map((work) => whileReached(work, () => changedByHand(target, work))));
  return new Set(found.flatMap((ids) => [...ids]));
}

/** Hosts that were left out by an earlier deployment. Said before this one ends: what was done holds, however it ends. */
const catchUp = (
  { environment, service }: Deployment,
  works: readonly HostWork[],
  { store }: DeployDeps,
): Promise<void> =>
  store.deployments.caughtUp(
    environment,
    service,
    works.map(({ host }) => host.name),
  );

function endOf({ deployment }: DeployAttempt, leftOut: readonly string[]): DeploymentEnd {
  const { kind, removes, only } = deployment;
  const verified = kind !== 'stop';
  // While a host may still run it, it has to be known that it should not.
  if (removes && leftOut.length === 0) return { status: 'succeeded', desired: 'removed', verified };
  if (kind === 'repair' || only !== null) return { status: 'succeeded', desired: 'unchanged', verified: false };
  return {
    status: 'succeeded',
    desired: { wanted: kind === 'stop' ? 'stopped' : 'running', behind: leftOut },
    verified,
  };
}
