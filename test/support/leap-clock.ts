import type { Clock } from '../../src/clock.js';

export interface LeapClock extends Clock {
  /** Lengths of the pauses under way. */
  readonly sleeping: readonly number[];
  /** Skips that many milliseconds, and wakes the sleepers whose pause is over by then. */
  leap(ms: number): void;
}

interface Sleeper {
  readonly ms: number;
  readonly until: number;
  readonly wake: () => void;
}

/**
 * The time of day, which a test may make leap ahead instead of waiting for a pause to end. With `standing` it moves by leaps alone, for what
 * a slow machine would find too old; pauses still end, but nothing that is due later becomes due.
 */
export function leapClock({ standing = false } = {}): LeapClock {
  const sleepers = new Set<Sleeper>();
  const begun = Date.now();
  let ahead = 0;
  const now = () => (standing ? begun : Date.now()) + ahead;
  return {
    now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wake = () => {
          clearTimeout(timer);
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        const sleeper = { ms, until: now() + ms, wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', wake);
      }),
    get sleeping() {
      return [...sleepers].map(({ ms }) => ms);
    },
    leap(ms) {
      ahead += ms;
      for (const sleeper of [...sleepers]) if (sleeper.until <= now()) sleeper.wake();
    },
  };
}
