import { setImmediate } from 'node:timers/promises';

/** Longest run of one loop before other work gets its turn, in milliseconds. */
const TURN_MS = 10;
/** Rounds between checks of the clock. */
const ROUNDS = 256;

/**
 * For loops of unknown length over repository contents. Call it in each round and await a returned promise: requests are answered in
 * between.
 */
export function createBreather(): () => Promise<void> | null {
  let rounds = 0;
  let began = performance.now();
  return () => {
    rounds += 1;
    if (rounds % ROUNDS !== 0 || performance.now() - began < TURN_MS) return null;
    return setImmediate().then(() => {
      began = performance.now();
    });
  };
}
