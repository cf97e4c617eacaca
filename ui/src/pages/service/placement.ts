import type { Environment } from '../../api/types.js';
import type { StateName } from '../../parts/state.js';

export type Placed = Environment['services'][number];

export interface Placement {
  readonly environment: string;
  readonly placed: Placed;
}

/** Where a service is, or should be, in the order of the environments. */
export function placementsOf(service: string, environments: readonly Environment[]): readonly Placement[] {
  return environments.flatMap(({ name: environment, services }) =>
    services.filter((one) => one.service === service).map((placed) => ({ environment, placed })),
  );
}

/** How it stands there. */
export function stateOfPlaced({ desired, hosts, scale, pending }: Placed): {
  readonly state: StateName;
  readonly word: string | null;
} {
  if (desired === null) return { state: 'none', word: 'never deployed' };
  if (hosts.some(({ state }) => state === 'unknown')) return { state: 'unknown', word: 'a host is away' };
  if (hosts.some(({ drift }) => drift.length > 0) || scale.running < scale.wanted)
    return { state: 'other', word: null };
  if (pending.length > 0) return { state: 'changes', word: null };
  return { state: 'in-step', word: null };
}
