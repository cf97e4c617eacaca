import type { HostObservation } from '../../model/observation.js';

/** What is known of the hosts. Kept in memory: the hosts are the record. Asks nobody. */
export interface Observations {
  /** Null: it is not observed, because it is not configured, or nothing was begun yet. */
  of(environment: string, host: string): HostObservation | null;
  all(): readonly HostObservation[];
}
