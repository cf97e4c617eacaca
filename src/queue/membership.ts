import type { Log } from '../log.js';
import type { Heartbeat, Store } from '../store/contract.js';

/** This process as one of the store's workers. */
export interface Membership {
  /** The id under which it claims builds and marks its work. Another one after each loss of its lease. */
  id(): string;
  join(): Promise<void>;
  /** Renews the lease. If others have taken its work by then, it owns nothing and joins again under a new id. */
  beat(): Promise<Heartbeat>;
  /** The process ends normally. */
  leave(): Promise<void>;
}

export interface MembershipDeps {
  readonly store: Pick<Store, 'workers'>;
  readonly log: Log;
  /** An id that no worker had before. */
  readonly newId: () => string;
}

export function createMembership({ store: { workers }, log, newId }: MembershipDeps): Membership {
  let current = newId();
  return {
    id: () => current,
    join: () => workers.join(current),
    async beat() {
      const answer = await workers.heartbeat(current);
      if (answer !== null) return answer;
      const next = newId();
      await workers.join(next);
      log.warn(
        { worker: current, next },
        'the lease of this process had run out, and its work was taken; it goes on as another worker',
      );
      current = next;
      return { owned: [], cancels: [], deployments: { owned: [], cancels: [] } };
    },
    leave: () => workers.leave(current),
  };
}
