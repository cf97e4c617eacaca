import type { CancelResult } from '../store/contract.js';
import { announceEnd } from './announce.js';
import type { QueueDeps } from './deps.js';

/** Cancels a build: at once if queued, within seconds if running. */
export async function cancelBuild(id: string, deps: QueueDeps): Promise<CancelResult | null> {
  const result = await deps.store.housekeeping.cancel(id, deps.clock.now());
  if (result === 'requested') deps.events.publish({ type: 'cancel', id });
  else if (result === 'canceled') await announceEnd(id, deps);
  return result;
}

/**
 * Cancels the queued builds of a service or branch that is gone. A build that somebody asked for stays: it fails with an error that names
 * what is gone.
 */
export async function cancelQueued(
  which: { readonly service: string; readonly branch?: string },
  deps: QueueDeps,
): Promise<void> {
  let cursor: string | null = null;
  do {
    const page = await deps.store.builds.page({ ...which, status: 'queued', limit: 200, cursor });
    for (const { id, forced } of page.items) if (!forced) await cancelBuild(id, deps);
    cursor = page.nextCursor;
  } while (cursor !== null);
}
