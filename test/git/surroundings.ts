import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../src/clock.js';
import type { Log } from '../../src/log.js';

export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => {}),
};

/** A log that keeps its lines; `quietLog` keeps them from sight. */
export function keptLog(lines: string[]): Log {
  const write = (bindings: object, message: string) => void lines.push(`${JSON.stringify(bindings)} ${message}`);
  const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log };
  return log;
}

export const quietLog: Log = keptLog([]);
