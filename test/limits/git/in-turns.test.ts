import fc from 'fast-check';
import { inTurns, sortedInTurns } from '../../../src/git/in-turns.js';

/** How often others had their turn while the work went on. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let going = true;
  const count = () => {
    turns += 1;
    if (going) setImmediate(count);
  };
  setImmediate(count);
  await work;
  going = false;
  return turns;
}

const compare = (one: number, other: number): number => one - other;

test('a long list lets others have their turn', async () => {
  let visited = 0;
  expect(await turnsDuring(inTurns(Array(100_000).keys(), () => void (visited += 1)))).toBeGreaterThan(20);
  expect(visited).toBe(100_000);
});

test('sorting a long list lets others have their turn', async () => {
  const numbers = Array.from({ length: 100_000 }, (_, at) => (at * 7919) % 100_003);
  let sorted: readonly number[] = [];
  const sorting = sortedInTurns(numbers, compare).then((result) => (sorted = result));
  expect(await turnsDuring(sorting)).toBeGreaterThan(100);
  expect(sorted).toEqual([...numbers].sort(compare));
});

test('what is sorted in turns is sorted, and what is equal stays in its order', async () => {
  const pairs = fc.array(fc.tuple(fc.nat(5), fc.nat()), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(pairs, fc.constantFrom(1, 300), async (some, times) => {
      const all = Array.from({ length: times }, () => some).flat();
      const byFirst = (one: readonly number[], other: readonly number[]) => (one[0] ?? 0) - (other[0] ?? 0);
      expect(await sortedInTurns(all, byFirst)).toEqual([...all].sort(byFirst));
    }),
    { numRuns: 30 },
  );
});
