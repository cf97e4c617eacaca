import { setImmediate } from 'node:timers/promises';

/** Longest run of one loop before other work gets its turn. */
const TURN_MS = 10;
/** Rounds between checks of the clock. */
const ROUNDS_PER_CHECK = 256;
/** Characters that count as a round more: a path has a few dozen, or 64 Ki. */
const ROUND_CHARACTERS = 256;
/** Items that are sorted in one go. */
const RUN_ITEMS = 2_000;

/**
 * For loops over what a repository sends, of which nobody knows the length. Call it in each round and await what it returns, unless that is
 * null: requests are answered in between. `size`: characters that the round goes through, if there may be many.
 */
export function createTurns(): (size?: number) => Promise<void> | null {
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

/** Visits items one after the other and yields to other work. */
export async function inTurns<Item>(items: Iterable<Item>, visit: (item: Item) => void): Promise<void> {
  const nextTurn = createTurns();
  for (const item of items) {
    visit(item);
    const turn = nextTurn();
    if (turn) await turn;
  }
}

type Compare = (one: number, other: number) => number;

/** A sorted copy. Equal numbers keep their order. Sorts runs, then merges them in pairs, and yields to other work. */
export async function sortedInTurns(numbers: Uint32Array, compare: Compare): Promise<Uint32Array> {
  const nextTurn = createTurns();
  let runs: Uint32Array[] = [];
  for (let start = 0; start < numbers.length; start += RUN_ITEMS) {
    runs.push(numbers.slice(start, start + RUN_ITEMS).sort(compare));
    // A run is long enough to look at the clock each time.
    await nextTurn(Infinity);
  }
  while (runs.length > 1) {
    const pairs: Uint32Array[] = [];
    for (let at = 0; at < runs.length; at += 2)
      pairs.push(await merged(runs[at] ?? new Uint32Array(), runs[at + 1] ?? new Uint32Array(), compare));
    runs = pairs;
  }
  return runs[0] ?? new Uint32Array();
}

async function merged(one: Uint32Array, other: Uint32Array, compare: Compare): Promise<Uint32Array> {
  const nextTurn = createTurns();
  const all = new Uint32Array(one.length + other.length);
  let [left, right] = [0, 0];
  for (let at = 0; at < all.length; at += 1) {
    const takesLeft = right >= other.length || (left < one.length && compare(one[left] ?? 0, other[right] ?? 0) <= 0);
    all[at] = (takesLeft ? one[left++] : other[right++]) ?? 0;
    const turn = nextTurn();
    if (turn) await turn;
  }
  return all;
}
