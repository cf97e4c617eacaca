import { isUp } from '../../decide/decide-host.js';
import { isActive } from '../../decide/decide-switch.js';
import { SlipwayError } from '../../errors.js';
import { activeIn, atBalancer, undoneAgain } from './at-balancer.js';
import type { DeployAttempt } from './attempt.js';
import { holdsSwitch } from './preflight-balancer.js';
import { awaitGate } from './await-gate.js';
import { askBalancer } from './ask-balancer.js';
import { runOf, type Course } from './converge.js';
import { crashOf } from './crash.js';
import type { DeployDeps } from './deps.js';
import type { HostWork, Target } from './host-work.js';
import { whileReached } from './persist.js';
import type { Reached } from './reach-hosts.js';
import { lookAtPair } from './look-at-pair.js';
import { wantedOn } from './side.js';
import { bringIdle, runsTarget, switchOver, type Switching } from './switch-over.js';

/** What a blue-green deployment works with. */
export interface BlueGreen {
  readonly attempt: DeployAttempt;
  readonly deps: DeployDeps;
  readonly reached: Reached;
  readonly target: Target;
  readonly course: Course;
  /** How many hosts were active before the first change. */
  readonly wanted: number;
}

/** While both releases are kept, balancer and containers are looked at this often. */
const SOAK_LOOK_MS = 1_000;
/** A switch that is undone more often than this is not forgotten, but undone by somebody. */
const MAX_SWITCHES = 10;

/**
 * The idle hosts get the release and are verified, the balancer switches to them, and the hosts that were active follow as the standby.
 * Resolves with the hosts that could not follow. Until the switch nobody notices anything.
 */
export async function goBlueGreen(given: BlueGreen): Promise<readonly string[]> {
  const { attempt, deps, reached, target, wanted } = given;
  const balancer = atBalancer(attempt, deps);
  if (balancer === null) throw new SlipwayError('balancer-unavailable', 'The balancer has left the configuration.');
  const { notes, environment } = attempt;
  const switching: Switching = {
    ...{
      attempt,
      deps,
      balancer,
      wanted,
      pass: async () => (holdsSwitch(attempt) ? awaitGate(attempt, deps) : undefined),
    },
    names: [...environment.hosts.keys()],
    works: new Map(reached.works.map((work) => [work.host.name, work])),
    courseOf: () => given.course,
    out: new Map(),
  };
  await switchOver(switching);
  if (notes.activeBefore !== null) {
    await askBalancer(target, switching);
    await soak(switching);
  }
  for (const { host } of reached.works) await follow(host.name, switching);
  await switchOver(switching);
  return [...switching.out.keys()];
}

/** Brings a host to the release that is not active any more. If the balancer forgets the switch, it is active again. */
async function follow(name: string, switching: Switching): Promise<void> {
  for (let switches = 0; switches < MAX_SWITCHES; switches += 1) {
    const mayFollow = (await isIdle(name, switching)) || (await runsTarget(name, switching)) !== false;
    if (!mayFollow) await switchOver(switching);
    else if (await bringIdle(name, switching)) return;
  }
  throw undoneAgain(name);
}

const isIdle = async (name: string, { balancer }: Switching): Promise<boolean> => {
  const seen = (await balancer.observe()).get(name);
  return seen !== undefined && !isActive(seen);
};

/** Both releases are there for `timeouts.soak`: what crashes now goes back at once. */
async function soak(switching: Switching): Promise<void> {
  const { attempt, deps, works } = switching;
  const { soak: patience } = attempt.environment.timeouts;
  const until = deps.clock.now() + patience;
  const runs = new Map<HostWork, string>();
  await attempt.notes.step(`soak for ${patience / 1000} seconds`, null, async () => {
    for (;;) {
      const active = activeIn(await switching.balancer.observe());
      for (const name of active) await stillRuns(works.get(name), runs, switching);
      await switchOver(switching, { prepares: false });
      const left = until - deps.clock.now();
      if (left <= 0) return;
      await deps.clock.sleep(Math.min(SOAK_LOOK_MS, left), attempt.signal);
    }
  });
}

/** Fails with `container-crashed` if a container of the target has ended or was started again since the last look. */
async function stillRuns(
  work: HostWork | undefined,
  runs: Map<HostWork, string>,
  { attempt, courseOf, out }: Switching,
): Promise<void> {
  const target = work && courseOf(work).target;
  if (!work || !target || out.has(work.host.name)) return;
  const { host, deps } = work;
  const { spec } = wantedOn(host.name, target, deps.labels);
  const present = await whileReached(work, () => lookAtPair(host, attempt.deployment, deps.labels));
  const before = runs.get(work);
  const own = present.filter((one) => one.spec === spec);
  const up = own.find(isUp);
  if (before === undefined) {
    if (up !== undefined) runs.set(work, runOf(up));
    return;
  }
  const same = own.find(({ id }) => before.startsWith(id));
  if (same === undefined)
    throw new SlipwayError('engine-error', `Host ${host.name}: the container was removed by somebody else.`, {
      extra: { host: host.name },
    });
  if (!isUp(same) || runOf(same) !== before) throw await crashOf(same.observed, work);
}
