import type { Attempt } from '../model/build.js';

/** How long a worker owns its work after its last heartbeat. */
export const LEASE_MS = 30_000;

export interface Heartbeat {
  /** The attempts that the worker still runs, as far as the store knows. Any other attempt of it is lost. */
  readonly owned: readonly Attempt[];
  /** Ids of builds among them that are to be canceled. */
  readonly cancels: readonly string[];
  /** The same of deployments. */
  readonly deployments: { readonly owned: readonly Attempt[]; readonly cancels: readonly string[] };
}

/**
 * The processes that work on what is stored. Each has one lease, by the store's clock, for all that it has in hand. `Housekeeping.recover`
 * takes the work of a worker whose lease has ended:
 *
 * - it ran out, for the worker hangs or its machine was suspended: its work counts no death;
 * - it was ended because the worker is known to be dead: its work counts a death. The embedded store ends all leases when it is opened,
 *   because the lock on its folder proves that no other process lives.
 */
export interface Workers {
  /** Registers a worker with a lease. Its id must be new: never one that was used before. */
  join(worker: string): Promise<void>;
  /** Renews the lease, even one that has run out if nobody has taken the work yet. Null if somebody has: the worker must join again. */
  heartbeat(worker: string): Promise<Heartbeat | null>;
  /** The worker ends normally: its lease ends, and its work in progress counts no death. */
  leave(worker: string): Promise<void>;
}
