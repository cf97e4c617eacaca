import { SlipwayError } from '../../errors.js';
import { activeIn, atBalancer } from './at-balancer.js';
import type { DeployAttempt } from './attempt.js';
import type { DeployDeps } from './deps.js';
import type { Reached } from './reach-hosts.js';

/** Whether a deployment brings one side up to date and lets the balancer switch to it. One about some hosts only replaces there. */
export const switchesOver = ({ deployment, environment }: Pick<DeployAttempt, 'deployment' | 'environment'>): boolean =>
  environment.strategy === 'blue-green' && deployment.only === null;

/** Whether gates hold back the switch, and not the start. */
export const holdsSwitch = (attempt: Pick<DeployAttempt, 'deployment' | 'environment'>): boolean =>
  switchesOver(attempt) && attempt.environment.gate === 'switch';

/**
 * Asks the balancer, if there is one, who is active; nothing is changed. For blue-green there has to be a host to switch to and one to switch
 * from: fails with `no-other-server`, with `host-unreachable` if a host is away that has requests or none is left to take over,
 * or as the balancer does. Resolves with the number of
 * active hosts before the first change, or with null if hosts are replaced one after the other.
 */
export async function preflightBalancer(
  attempt: DeployAttempt,
  { works, leftOut }: Reached,
  deps: DeployDeps,
): Promise<number | null> {
  const { deployment, environment, notes } = attempt;
  const balancer = atBalancer(attempt, deps);
  if (balancer === null) return null;
  const seen = await balancer.observe();
  const needed = leftOut.find((name) => seen.get(name)?.state === 'active');
  if (needed !== undefined) throw away(needed, 'it is active at the balancer');
  if (!switchesOver(attempt)) return null;
  const active = activeIn(seen);
  const before = notes.activeBefore;
  const idle = [...environment.hosts.keys()].filter((name) => !active.includes(name));
  const one = active.length === 0 ? 'active' : 'idle';
  if (before === null && (active.length === 0 || idle.length === 0))
    throw new SlipwayError(
      'no-other-server',
      `The balancer has no ${one} host for ${deployment.service}: nothing is changed.`,
    );
  const [first] = idle;
  if (before === null && first !== undefined && !works.some(({ host }) => idle.includes(host.name)))
    throw away(first, 'no other host is idle');
  return Math.max(1, (before ?? active).length);
}

const away = (host: string, why: string): SlipwayError =>
  new SlipwayError('host-unreachable', `Host ${host} cannot be reached, and ${why}.`, { extra: { host } });
