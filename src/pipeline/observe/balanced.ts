import type { BalancedState } from '../../balancer/contract.js';

/** What balancers said last of each service, by host. Kept in memory: the balancers are the record. Asks nobody. */
export interface Balanced {
  /** Null: nobody has asked yet, or nobody could answer. */
  of(environment: string, service: string): ReadonlyMap<string, BalancedState> | null;
}

export interface KeptBalanced extends Balanced {
  note(environment: string, service: string, states: ReadonlyMap<string, BalancedState> | null): void;
}

/** See `Balanced`. */
export function createBalanced(): KeptBalanced {
  const known = new Map<string, ReadonlyMap<string, BalancedState>>();
  const keyOf = (environment: string, service: string): string => `${environment}/${service}`;
  return {
    of: (environment, service) => known.get(keyOf(environment, service)) ?? null,
    note(environment, service, states) {
      if (states === null) known.delete(keyOf(environment, service));
      else known.set(keyOf(environment, service), states);
    },
  };
}
