import { createTurns, sortedInTurns } from './in-turns.js';

/** The numbers below one, in order. */
export const numbered = (length: number): Uint32Array => new Uint32Array(length).map((_, position) => position);

/**
 * Sorts positions by their keys. Returns the same array if already sorted, the usual case. Yields to other work: a repository may have any
 * number of files.
 */
export async function orderedBy(positions: Uint32Array, keyOf: (position: number) => string): Promise<Uint32Array> {
  if (await isInOrder(positions, keyOf)) return positions;
  const nextTurn = createTurns();
  const keys: string[] = [];
  for (const position of positions) {
    keys[position] = keyOf(position);
    const turn = nextTurn();
    if (turn) await turn;
  }
  const key = (position: number) => keys[position] ?? '';
  return sortedInTurns(positions, (one, other) => (key(one) < key(other) ? -1 : Number(key(one) > key(other))));
}

async function isInOrder(positions: Uint32Array, keyOf: (position: number) => string): Promise<boolean> {
  const nextTurn = createTurns();
  let before: string | null = null;
  for (const position of positions) {
    const now = keyOf(position);
    if (before !== null && before > now) return false;
    before = now;
    const turn = nextTurn();
    if (turn) await turn;
  }
  return true;
}
