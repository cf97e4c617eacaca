import { setImmediate } from 'node:timers/promises';

/** Longest run of one loop before other work gets its turn, in milliseconds. */
const TURN_MS = 10;
/** Rounds between two looks at the clock. */
const ROUNDS = 256;

/**
 * For loops over what a repository sends, of which nobody knows the length. Call it in each round, and await what it gives, if it gives
 * something: requests are answered in between.
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
