import type { BalancedHost, Balancer } from '../../balancer/contract.js';
import { isActive } from '../../decide/decide-switch.js';
import { SlipwayError } from '../../errors.js';
import { requireLease, requireOwned, type DeployAttempt } from './attempt.js';
import type { DeployDeps } from './deps.js';
import type { Notes } from './notes.js';
import { whileItPasses } from './while-it-passes.js';

/** What the balancer says of each host of the environment. */
export type Seen = ReadonlyMap<string, BalancedHost>;

/**
 * The balancer of an environment, while an attempt works with it. It is waited for until it was away for `timeouts.reach`; then each call
 * fails with `balancer-unavailable`. A refusal ends at once, with `balancer-refused`.
 */
export interface AtBalancer {
  /** Every host. It is also waited for if it does not say one thing of each. */
  observe(): Promise<Seen>;
  enable(host: string): Promise<void>;
  drain(host: string): Promise<void>;
}

type Deps = Pick<DeployDeps, 'balancers' | 'clock' | 'store'>;

/** Null: the environment has no balancer. */
export function atBalancer(attempt: DeployAttempt, deps: Deps): AtBalancer | null {
  const { environment, deployment, notes, signal } = attempt;
  if (environment.balancer === null) return null;
  const { service } = deployment;
  const limit = environment.timeouts.reach;
  // The balancer asks in its turn: what came before may have taken longer than the lease lasts.
  const permit = (isBegun = false): Promise<void> =>
    isBegun ? requireOwned(attempt, deps) : requireLease(attempt, deps);
  const whileReached = <T>(work: (balancer: Balancer) => Promise<T>): Promise<T> =>
    whileItPasses({ limit, clock: deps.clock, signal, ...notes.waits(null) }, async () =>
      work(await find(environment.name, deps)),
    );
  const observe = (): Promise<Seen> =>
    whileReached(async (balancer) => {
      const seen = await balancer.observe(service);
      const half = unclearIn(seen);
      if (half === null || notes.activeBefore === null) return known(seen);
      // A change of this deployment may have reached one HAProxy of a pair, and the next attempt finds it half done.
      await balancer[wantsActive(half, notes) ? 'enable' : 'drain'](service, half, permit);
      return known(await balancer.observe(service));
    });
  // What was changed last, by host. The same again: somebody has undone it.
  const made = new Map<string, string>();
  const change = async (
    host: string,
    what: 'enable' | 'drain',
    work: (balancer: Balancer) => Promise<readonly string[]>,
  ): Promise<void> => {
    if (notes.activeBefore === null) await notes.rememberActive(activeIn(await observe()));
    if (made.get(host) === what)
      await notes.caution(
        `The ${what} of ${host} was undone at the balancer, by a reload without its state or by somebody: it is made again.`,
      );
    await notes.phase(host, what === 'enable' ? 'active' : 'draining');
    await notes.step(`${what} at the balancer`, host, async () => {
      const warnings = await whileReached(work);
      for (const warning of warnings) await notes.caution(warning);
    });
    made.set(host, what);
  };
  return {
    observe,
    enable: (host) => change(host, 'enable', (balancer) => balancer.enable(service, host, permit)),
    drain: (host) => change(host, 'drain', (balancer) => balancer.drain(service, host, permit)),
  };
}

/** A host was drained again and again, and is still active. */
export const undoneAgain = (host: string): SlipwayError =>
  new SlipwayError('balancer-refused', `Somebody else makes ${host} active again at the same time.`);

/** The hosts that get requests, or would if they were up. */
export const activeIn = (seen: Seen): readonly string[] =>
  [...seen].filter(([, host]) => isActive(host)).map(([name]) => name);

async function find(environment: string, { balancers }: Deps): Promise<Balancer> {
  const found = await balancers.find(environment);
  if (found !== null) return found;
  throw new SlipwayError('balancer-unavailable', `The balancer of ${environment} has left the configuration.`);
}

/** The first host of which the balancer does not say one thing. */
const unclearIn = (seen: Seen): string | null => [...seen].find(([, { state }]) => state === 'unknown')?.[0] ?? null;

/** What was changed last; it is noted before it is changed. */
function wantsActive(host: string, { activeBefore, phaseOf }: Pick<Notes, 'activeBefore' | 'phaseOf'>): boolean {
  const phase = phaseOf(host);
  return phase === 'active' || (phase !== 'draining' && activeBefore?.includes(host) === true);
}

function known(seen: Seen): Seen {
  const host = unclearIn(seen);
  if (host === null) return seen;
  const why = seen.get(host)?.reason ?? 'no reason given';
  throw new SlipwayError('balancer-unavailable', `The balancer does not say whether ${host} is active: ${why}.`);
}
