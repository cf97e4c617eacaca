import fc from 'fast-check';
import { PathSet } from '../../../src/decide/path-set.js';

const LENGTHS = [0, 1, 31, 32, 33, 64, 100];

const setOf = (length: number, positions: readonly number[]): PathSet => {
  const set = PathSet.none(length);
  for (const position of positions) set.add(position);
  return set;
};

test.each(LENGTHS)('a set of %i paths is joined as a set of numbers is', (length) => {
  const positions = fc.uniqueArray(fc.nat(Math.max(0, length - 1)), { maxLength: length });
  fc.assert(
    fc.property(positions, positions, (ours, theirs) => {
      const [one, other] = [setOf(length, ours), setOf(length, theirs)];
      const joined = one.copy();
      joined.addAll(other);
      const left = one.copy();
      left.removeAll(other);
      const numbers = (set: ReadonlySet<number>) => [...set].sort((a, b) => a - b);
      expect(joined.first(Infinity)).toEqual(numbers(new Set([...ours, ...theirs])));
      expect(left.first(Infinity)).toEqual(numbers(new Set(ours.filter((position) => !theirs.includes(position)))));
      expect(one.meets(other)).toBe(ours.some((position) => theirs.includes(position)));
      expect([one.size, joined.first(3).length]).toEqual([ours.length, Math.min(3, joined.size)]);
      for (const position of ours) expect(one.has(position)).toBe(true);
    }),
  );
});

test.each(LENGTHS)('all of %i paths are that many and no more', (length) => {
  const all = PathSet.all(length);
  expect(all.size).toBe(length);
  expect(all.first(Infinity)).toEqual(Array.from({ length }, (_, position) => position));
});
