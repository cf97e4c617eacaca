import type { Clock } from '../clock.js';
import type { Events } from '../events.js';
import type { Log } from '../log.js';
import type { Store } from '../store/contract.js';

/** Milliseconds between two counts. */
const COUNT_EVERY_MS = 500;

export interface QueueCountsDeps {
  readonly store: Pick<Store, 'housekeeping'>;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
  readonly stopping: AbortSignal;
}

/** Publishes how many builds run and wait, when it has changed and somebody watches. The store is asked twice a second at most. */
export interface QueueCounts {
  /** Counts again, now or when it may. */
  ask(): void;
  /** Listens no more. */
  close(): void;
}

/** `isWatched`: whether somebody wants to know. */
export function createQueueCounts(deps: QueueCountsDeps, isWatched: () => boolean): QueueCounts {
  const { events, clock, log, stopping } = deps;
  let asked = false;
  let counting = false;
  let last = '';
  const count = async () => {
    try {
      const { running, queued } = await deps.store.housekeeping.load();
      const now = `${running} ${queued}`;
      if (now === last || stopping.aborted) return;
      last = now;
      events.publish({ type: 'queue', running, queued });
    } catch (error) {
      log.warn({ err: error }, 'could not count the builds that run and wait');
    }
  };
  const run = async () => {
    counting = true;
    while (asked && !stopping.aborted) {
      asked = false;
      await count();
      await clock.sleep(COUNT_EVERY_MS, stopping);
    }
    counting = false;
  };
  const ask = () => {
    if (!isWatched()) return;
    asked = true;
    if (!counting) void run();
  };
  const close = events.subscribe(({ type }) => {
    if (type === 'build') ask();
  });
  return { ask, close };
}
