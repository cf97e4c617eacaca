import type { BalancedState } from '../../balancer/contract.js';
import type { Events } from '../../events.js';
import type { Observations } from './contract.js';

/** What balancers said last of each service, by host. Kept in memory: the balancers are the record. Asks nobody. */
export interface Balanced {
  /** Null: nobody has asked yet, or nobody could answer. */
  of(environment: string, service: string): ReadonlyMap<string, BalancedState> | null;
}

export interface KeptBalanced extends Balanced {
  /** Keeps what balancers said, and tells listeners of each host that differs from before. Null: nobody could answer. */
  note(environment: string, service: string, states: ReadonlyMap<string, BalancedState> | null): void;
}

export interface BalancedDeps {
  readonly events: Pick<Events, 'publish'>;
  readonly observations: Pick<Observations, 'of'>;
}

/** See `Balanced`. Publishes `observation` for each host whose state has changed. */
export function createBalanced({ events, observations }: BalancedDeps): KeptBalanced {
  const known = new Map<string, ReadonlyMap<string, BalancedState>>();
  const keyOf = (environment: string, service: string): string => `${environment}/${service}`;
  return {
    of: (environment, service) => known.get(keyOf(environment, service)) ?? null,
    note(environment, service, states) {
      const before = known.get(keyOf(environment, service));
      if (states === null) known.delete(keyOf(environment, service));
      else known.set(keyOf(environment, service), states);
      for (const host of new Set([...(before?.keys() ?? []), ...(states?.keys() ?? [])])) {
        if (before?.get(host) === states?.get(host)) continue;
        const reachable = observations.of(environment, host)?.reachable;
        // Nobody has asked the host yet. Its first answer is an event.
        if (typeof reachable !== 'boolean') continue;
        events.publish({ type: 'observation', environment, host, reachable });
      }
    },
  };
}
