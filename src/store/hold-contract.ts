import type { Hold } from '../model/hold.js';

/** What holds environments back. Each has one hold at most. */
export interface Holds {
  /** Those that have not ended, by environment. `now` in milliseconds since the epoch. */
  inForce(now: number): Promise<ReadonlyMap<string, Hold>>;
  /** Replaces the hold of the environment. */
  put(hold: Hold): Promise<void>;
  /** False: there was none. */
  remove(environment: string): Promise<boolean>;
}
