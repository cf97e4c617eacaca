import { asSlipwayError } from '../../errors.js';
import { activeIn, atBalancer } from './at-balancer.js';
import type { DeployAttempt } from './attempt.js';
import type { DeployDeps } from './deps.js';
import type { Target } from './host-work.js';
import { sentence } from './notes.js';
import type { Reached } from './reach-hosts.js';
import { throwIfStopped } from './stopped.js';
import { switchOver } from './switch-over.js';

interface WayBack {
  readonly attempt: DeployAttempt;
  /** Null: nothing ran before. */
  readonly former: Target | null;
  readonly reached: Reached;
}

/**
 * After the switch has begun: lets the balancer send requests to what ran before, which is enabled before anything is drained. Without it as
 * many hosts stay active as were at first. Fails as the store does, and with `balancer-unavailable`.
 */
export async function switchBack({ attempt, former, reached }: WayBack, deps: DeployDeps): Promise<void> {
  const { environment, notes, deployment } = attempt;
  const balancer = atBalancer(attempt, deps);
  const before = notes.activeBefore;
  if (balancer === null || before === null) return;
  const names = [...environment.hosts.keys()];
  try {
    if (former !== null) {
      const works = new Map(reached.works.map((work) => [work.host.name, work]));
      const course = { pair: deployment, target: former, mayReplace: true, lenient: true };
      const rest = { wanted: Math.max(1, before.length), pass: async () => undefined, out: new Map<string, never>() };
      return await switchOver({ attempt, deps, balancer, names, works, courseOf: () => course, ...rest });
    }
    // Nothing can take over. Which hosts are active does not matter, but how many.
    const active = activeIn(await balancer.observe());
    const surplus = active
      .filter((name) => !before.includes(name))
      .slice(0, Math.max(0, active.length - before.length));
    for (const name of surplus) await balancer.drain(name);
  } catch (error) {
    throwIfStopped(attempt.signal);
    const { code, message } = asSlipwayError(error);
    if (code === 'balancer-unavailable' || code === 'store-unavailable') throw error;
    await notes.caution(`The balancer could not be switched back: ${sentence(message)}`);
  }
}
