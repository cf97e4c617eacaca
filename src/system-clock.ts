import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from './clock.js';

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
};
