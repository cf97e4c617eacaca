import type { Clock } from '../../src/clock.js';

export interface ManualClock extends Clock {
  /** Lengths of the pauses that are being slept, in the order in which they began. */
  readonly sleeping: readonly number[];
  /** Moves time on and wakes the sleepers whose pause is over. */
  advance(ms: number): void;
}

/** Time that passes only when a test says so. */
export function manualClock(start = 1_700_000_000_000): ManualClock {
  let now = start;
  let sleepers: { ms: number; until: number; wake: () => void }[] = [];
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper = { ms, until: now + ms, wake: resolve };
        sleepers.push(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          resolve();
        });
      }),
    get sleeping() {
      return sleepers.map(({ ms }) => ms);
    },
    advance(ms) {
      now += ms;
      const over = sleepers.filter(({ until }) => until <= now);
      sleepers = sleepers.filter(({ until }) => until > now);
      for (const { wake } of over) wake();
    },
  };
}
