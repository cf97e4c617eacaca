import { isUsable } from '../../decide/decide-switch.js';
import { SlipwayError } from '../../errors.js';
import type { AtBalancer } from './at-balancer.js';
import type { DeployAttempt } from './attempt.js';
import type { DeployDeps } from './deps.js';

const LOOK_MS = 200;

/**
 * Waits until the balancer can use an enabled host and its check has passed. Fails with `balancer-refused` if it cannot within
 * `timeouts.start`: the container was verified, so nothing is said about the release.
 */
export async function awaitUsable(
  host: string,
  balancer: AtBalancer,
  { environment, signal }: DeployAttempt,
  { clock }: Pick<DeployDeps, 'clock'>,
): Promise<void> {
  const until = clock.now() + environment.timeouts.start;
  for (;;) {
    const seen = (await balancer.observe()).get(host);
    // Somebody took it out again: the caller has to look once more.
    if (seen === undefined || isUsable(seen) || seen.state === 'drained') return;
    if (clock.now() >= until) {
      const why = seen.reason ?? 'its check has not passed';
      throw new SlipwayError('balancer-refused', `The balancer cannot use ${host}, which is verified: ${why}.`, {
        extra: { host },
      });
    }
    await clock.sleep(Math.min(LOOK_MS, environment.timeouts.start), signal);
  }
}
