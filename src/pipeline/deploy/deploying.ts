import { gateOf } from '../../decide/gates.js';
import { nextDeployments } from '../../decide/next-deployments.js';
import type { Events } from '../../events.js';
import type { Deployment } from '../../model/deployment.js';
import type { Membership } from '../../queue/membership.js';
import { createWake } from '../../queue/wake.js';
import { awaitBuild, type AwaitBuildDeps } from './await-build.js';
import type { DeployDeps } from './deps.js';
import { createFollowing, type FollowDeps, type Following } from './follow.js';
import { createRepairs, type RepairDeps, type Repairs } from './repair.js';
import { tellEnds, type TellEndsDeps } from './tell-ends.js';
import { workOn } from './work-on.js';

export interface DeployingDeps
  extends
    Omit<DeployDeps, 'announce' | 'store'>,
    Omit<AwaitBuildDeps, 'store' | 'events'>,
    Pick<FollowDeps, 'random'>,
    Omit<TellEndsDeps, 'store' | 'events'> {
  readonly store: DeployDeps['store'] & FollowDeps['store'];
  readonly events: Events;
  readonly membership: Pick<Membership, 'id'>;
  readonly observations: RepairDeps['observations'];
  readonly restless: RepairDeps['restless'];
}

/** While deployments wait, whatever they wait for is noticed within this time. */
const POLL_MS = 1_000;
/** Nothing is stored without an event. */
const IDLE_MS = 30_000;

/**
 * Claims and runs deployments until the signal aborts. Then each attempt ends at the next point where every service has a container, and
 * another goes on when a server runs again.
 */
export async function runDeploying(given: DeployingDeps, stopping: AbortSignal): Promise<void> {
  const announce: DeployDeps['announce'] = ({ id, service, environment, status }) =>
    given.events.publish({ type: 'deployment', id, service, environment, status });
  const drifted: RepairDeps['drifted'] = (environment, host) =>
    given.events.publish({ type: 'observation', environment, host, reachable: true });
  const deps = { ...given, announce, drifted };
  const [following, repairs] = [createFollowing(deps), createRepairs(deps)];
  const running = new Map<string, Promise<void>>();
  const silent = tellEnds(deps);
  const wake = createWake(deps.events, ['deployment', 'hold', 'build', 'looked', 'observation', 'configuration']);
  const start = async (id: string): Promise<void> => {
    const claimed = await deps.store.deployments.claim(id, deps.membership.id(), deps.clock.now());
    if (claimed === null) return;
    deps.announce(claimed);
    const work: Promise<void> = workOn(claimed, deps, stopping).finally(() => {
      // A lost attempt may end after the next one has begun.
      if (running.get(id) === work) running.delete(id);
      wake.now();
    });
    running.set(id, work);
  };
  while (!stopping.aborted) {
    const waiting = await deps.names.together(() => pass(start, { following, repairs }, deps));
    await wake.within(waiting || running.size > 0 ? POLL_MS : IDLE_MS, deps.clock, stopping);
  }
  wake.close();
  following.close();
  await Promise.all(running.values());
  silent();
}

/** What asks for deployments by itself. */
interface Askers {
  readonly following: Following;
  readonly repairs: Repairs;
}

/** Starts what may start. Resolves with whether anything is unfinished. */
async function pass(
  start: (id: string) => Promise<void>,
  { following, repairs }: Askers,
  deps: DeployingDeps,
): Promise<boolean> {
  const { store, environments, clock, log } = deps;
  try {
    await takeReleases(await store.deployments.unfinished(), deps);
    await following.look();
    await repairs.look(await store.deployments.unfinished());
    const unfinished = await store.deployments.unfinished();
    const concurrency = (environment: string): number => environments().get(environment)?.concurrency ?? 1;
    const now = clock.now();
    const gates = { environments: environments(), holds: await store.holds.inForce(now), now };
    const isHeldBack = (one: Deployment): boolean => gateOf(one, gates) !== null;
    for (const id of nextDeployments({ unfinished, concurrency, isHeldBack, now })) await start(id);
    return unfinished.length > 0;
  } catch (err) {
    log.error({ err }, 'could not look for deployments');
    return true;
  }
}

/** Gives those that wait for a build its release, once it has ended. */
async function takeReleases(unfinished: readonly Deployment[], deps: DeployingDeps): Promise<void> {
  for (const { build, release, status, ...one } of unfinished) {
    if (build === null || release !== null || status !== 'pending') continue;
    try {
      await awaitBuild({ ...one, build }, deps);
    } catch (err) {
      deps.log.warn({ err, deployment: one.id }, 'could not read the release that a deployment waits for');
    }
  }
}
