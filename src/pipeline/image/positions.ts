/** The numbers below one, in order. */
export const numbered = (length: number): Uint32Array => new Uint32Array(length).map((_, position) => position);

/**
 * Positions in the order of what is at them; the same ones where they are in it already. That is the rule, and sorting takes several times
 * the room of the positions.
 */
export function ordered<T>(
  positions: Uint32Array,
  at: (position: number) => T,
  compare: (one: T, other: T) => number,
): Uint32Array {
  let before: T | null = null;
  for (const position of positions) {
    const now = at(position);
    if (before !== null && compare(before, now) > 0)
      return positions.slice().sort((one, other) => compare(at(one), at(other)));
    before = now;
  }
  return positions;
}
