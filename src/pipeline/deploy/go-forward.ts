import type { Deployment } from '../../model/deployment.js';
import type { HostSettings } from '../../model/environment.js';
import type { DeploymentEnd } from '../../store/contract.js';
import { adoptObserved } from './adopt-observed.js';
import type { DeployAttempt } from './attempt.js';
import { requireOpenGate } from './await-gate.js';
import { goBlueGreen } from './blue-green.js';
import type { Course } from './converge.js';
import { courseFor } from './course-for.js';
import type { DeployDeps } from './deps.js';
import type { HostWork, Target } from './host-work.js';
import { drainedFor } from './drained-for.js';
import { leaveRunning } from './leave-running.js';
import { lookAtPair } from './look-at-pair.js';
import type { Mask } from '../../mask.js';
import { persist, whileReached } from './persist.js';
import { preflight } from './preflight.js';
import { holdsSwitch, preflightBalancer } from './preflight-balancer.js';
import { reachHosts, type Reached } from './reach-hosts.js';
import { replacesRelease } from './replaces-release.js';
import { requireKnown } from './require-known.js';
import { tidyHost } from './tidy-host.js';

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
  reached: Reached,
  deps: DeployDeps,
): Promise<DeploymentEnd> {
  const { deployment, notes } = attempt;
  const { works, leftOut } = reached;
  const wanted = target === null ? null : await preflightBalancer(attempt, reached, deps);
  const course = await courseFor(attempt, target, works, deps);
  if (target !== null) {
    await preflight(target, works);
    await Promise.all(works.map((work) => prepare(course, work)));
  } else {
    for (const work of works)
      await whileReached(work, async () => requireKnown(await lookAtPair(work.host, deployment, deps.labels), work));
  }
  if (!holdsSwitch(attempt)) await requireOpenGate(attempt, deps);
  const failed =
    target === null || wanted === null
      ? await hostByHost(course, works)
      : await goBlueGreen({ attempt, deps, reached, target, course, wanted });
  const done = works.filter(({ host }) => !failed.includes(host.name));
  if (target !== null && target.specification.verify === null)
    await notes.caution('version-not-asked: nothing says how to ask a container for its version.');
  return conclude(attempt, done, [...leftOut, ...failed], deps);
}

/** What is left to do once the hosts are where they should be. `behind`: those that are not. */
async function conclude(
  attempt: DeployAttempt,
  done: readonly HostWork[],
  behind: readonly string[],
  deps: DeployDeps,
): Promise<DeploymentEnd> {
  const { deployment, notes } = attempt;
  for (const { host } of done) await notes.phase(host.name, 'done');
  if (replacesRelease(deployment)) for (const work of done) await tidyHost(work);
  if (deployment.only !== null) await catchUp(deployment, done, deps);
  if (deployment.removes && behind.length > 0)
    await notes.caution('A host was left out, so it is only stopped. Once the host is back, remove it again.');
  return endOf(attempt, behind);
}

/** One after the other, each while it gets no requests. No host is left behind: the first that fails ends it. */
async function hostByHost(course: Course, works: readonly HostWork[]): Promise<readonly string[]> {
  for (const work of works) {
    const bring = async (): Promise<void> => void (await persist(course, work));
    await (course.target === null ? bring() : drainedFor(work, course, bring));
    await work.attempt.notes.phase(work.host.name, 'done');
  }
  return [];
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
