import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../src/clock.js';

/** Time that passes `factor` times as fast, so that pauses of seconds are over in milliseconds. */
export function fastClock(factor: number): Clock {
  const start = Date.now();
  return {
    now: () => Math.floor(start + (Date.now() - start) * factor),
    sleep: (ms, signal) => delay(ms / factor, undefined, { signal }).catch(() => undefined),
  };
}
