import { setImmediate } from 'node:timers/promises';

/** Longest run of one loop before other work gets its turn, in milliseconds. */
const TURN_MS = 10;
/** Rounds between checks of the clock. */
const ROUNDS_PER_CHECK = 256;
/** Characters that count as a round more: a path has a few dozen, or 64 Ki. */
const ROUND_CHARACTERS = 256;

/**
 * For loops over what a repository sends, of which nobody knows the length. Call it in each round, and await what it gives, if it gives
 * something: requests are answered in between. `size`: characters that the round goes through, where they may be many.
 */
export function createBreather(): (size?: number) => Promise<void> | null {
  let rounds = 0;
  let began = performance.now();
  return (size = 0) => {
    rounds += 1 + Math.floor(size / ROUND_CHARACTERS);
    if (rounds < ROUNDS_PER_CHECK) return null;
    rounds = 0;
    if (performance.now() - began < TURN_MS) return null;
    return setImmediate().then(() => {
      began = performance.now();
    });
  };
}
