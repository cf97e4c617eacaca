import type { ErrorCode } from '../errors.js';

/** Why a queued build or a deployment does not go on: see `docs/operations.md`. */
export type WaitCode =
  | 'service-busy'
  | 'base-building'
  | 'burst'
  | 'slot'
  | 'low-disk'
  | 'paused'
  | 'build'
  | 'hold'
  | 'approval'
  | 'window'
  | 'deployment'
  | 'host'
  | 'registry'
  | 'balancer';

/** What failed and is tried again. */
export interface WaitedOut {
  readonly code: ErrorCode;
  readonly message: string;
  /** When it is given up, in milliseconds since the epoch. */
  readonly until?: number;
}

export interface WaitingFor {
  readonly code: WaitCode | ErrorCode;
  readonly message: string;
  /** When it is tried again, or given up if it runs, in milliseconds since the epoch. Null: when the cause is gone. */
  readonly until: number | null;
}
