import { createBreather } from './breathe.js';

/** The numbers below one, in order. */
export const numbered = (length: number): Uint32Array => new Uint32Array(length).map((_, position) => position);

/** Keys that are sorted in one go. */
const RUN_KEYS = 2_000;

/**
 * Sorts positions by their keys. Returns the same array if already sorted, the usual case. Yields to other work: a repository may have any
 * number of files.
 */
export async function orderedBy(positions: Uint32Array, keyOf: (position: number) => string): Promise<Uint32Array> {
  if (await isInOrder(positions, keyOf)) return positions;
  const breathe = createBreather();
  const keys: string[] = [];
  for (const position of positions) {
    keys[position] = keyOf(position);
    const pause = breathe();
    if (pause) await pause;
  }
  const key = (position: number | undefined) => keys[position ?? -1] ?? '';
  let runs: Uint32Array[] = [];
  for (let start = 0; start < positions.length; start += RUN_KEYS) {
    const run = positions.slice(start, start + RUN_KEYS);
    runs.push(run.sort((one, other) => (key(one) < key(other) ? -1 : 1)));
    await breathe();
  }
  while (runs.length > 1) runs = await mergedInPairs(runs, key);
  return runs[0] ?? positions;
}

async function isInOrder(positions: Uint32Array, keyOf: (position: number) => string): Promise<boolean> {
  const breathe = createBreather();
  let before: string | null = null;
  for (const position of positions) {
    const now = keyOf(position);
    if (before !== null && before > now) return false;
    before = now;
    const pause = breathe();
    if (pause) await pause;
  }
  return true;
}

type KeyOf = (position: number | undefined) => string;

async function mergedInPairs(runs: readonly Uint32Array[], key: KeyOf): Promise<Uint32Array[]> {
  const pairs: Uint32Array[] = [];
  for (let at = 0; at < runs.length; at += 2) {
    const [one, other] = [runs[at] ?? new Uint32Array(), runs[at + 1] ?? new Uint32Array()];
    pairs.push(await merged(one, other, key));
  }
  return pairs;
}

async function merged(one: Uint32Array, other: Uint32Array, key: KeyOf): Promise<Uint32Array> {
  const breathe = createBreather();
  const all = new Uint32Array(one.length + other.length);
  let [left, right] = [0, 0];
  for (let at = 0; at < all.length; at += 1) {
    const takesLeft = right >= other.length || (left < one.length && key(one[left]) <= key(other[right]));
    all[at] = (takesLeft ? one[left++] : other[right++]) ?? 0;
    const pause = breathe();
    if (pause) await pause;
  }
  return all;
}
