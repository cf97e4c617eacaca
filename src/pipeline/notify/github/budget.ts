import type { Clock } from '../../../clock.js';

/**
 * GitHub lets a user make "no more than 80 content-generating requests per minute and 500 per hour" (REST API, "Rate limits", secondary
 * limits). Somebody else may use the same token, so some are left.
 */
const MAX_PER_MINUTE = 60;
const MAX_PER_HOUR = 400;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** How many requests may still be made. In memory: after a restart GitHub's own answers slow us down. */
export interface Budget {
  /** Takes one request. Null: it may be made. Else the time when there is room again. */
  take(weight: 'end' | 'pending'): number | null;
}

/** `pending`: only as long as more than half is left, because an end matters more. */
export function createBudget(clock: Pick<Clock, 'now'>): Budget {
  let taken: number[] = [];
  return {
    take(weight) {
      const now = clock.now();
      // What lies ahead comes from a clock that was set back.
      taken = taken.filter((at) => at > now - HOUR_MS && at <= now);
      const share = weight === 'end' ? 1 : 0.5;
      const until = Math.max(
        freeAt(taken, MAX_PER_HOUR * share, HOUR_MS),
        freeAt(
          taken.filter((at) => at > now - MINUTE_MS),
          MAX_PER_MINUTE * share,
          MINUTE_MS,
        ),
      );
      if (until > now) return until;
      taken.push(now);
      return null;
    },
  };
}

/** When fewer than `limit` of the requests lie within the window; 0: now. They are in order. */
function freeAt(taken: readonly number[], limit: number, windowMs: number): number {
  const oldest = taken[taken.length - limit];
  return oldest === undefined ? 0 : oldest + windowMs;
}
