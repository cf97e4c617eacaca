import type { Clock } from '../clock.js';
import type { ErrorCode } from '../errors.js';
import type { Events } from '../events.js';

/** A refused webhook request, and how often the same was refused. Nothing in it can be trusted, so nothing of it is kept. */
export interface RefusedWebhook {
  /** The newest one. */
  readonly at: number;
  readonly code: ErrorCode;
  readonly message: string;
  /** Where the connection came from: behind a proxy, the proxy. */
  readonly address: string;
  readonly times: number;
}

/** What became of webhook requests since the server started. Kept in memory. */
export interface HeardWebhooks {
  /** When a request was last taken, a ping as well. Null: none was. */
  taken(): number | null;
  /** Newest first. */
  refused(): readonly RefusedWebhook[];
  /** `ping`: nothing else tells of it. */
  take(answer: 'ping' | 'other'): void;
  refuse(refusal: Pick<RefusedWebhook, 'code' | 'message' | 'address'>): void;
}

/** Anybody can have requests refused. */
const MAX_REFUSED = 20;

/** Requests that are refused for the same cause from the same address are one entry. */
export function createHeardWebhooks({ clock, events }: { clock: Pick<Clock, 'now'>; events: Events }): HeardWebhooks {
  let takenAt: number | null = null;
  const kept = new Map<string, RefusedWebhook>();
  return {
    taken: () => takenAt,
    refused: () => [...kept.values()].reverse(),
    take(answer) {
      takenAt = clock.now();
      if (answer === 'ping') events.publish({ type: 'webhook' });
    },
    refuse(refusal) {
      const key = `${refusal.code} ${refusal.address}`;
      const times = (kept.get(key)?.times ?? 0) + 1;
      // The newest one goes to the end.
      kept.delete(key);
      kept.set(key, { ...refusal, at: clock.now(), times });
      const [oldest] = kept.keys();
      if (kept.size > MAX_REFUSED && oldest !== undefined) kept.delete(oldest);
      events.publish({ type: 'webhook' });
    },
  };
}
