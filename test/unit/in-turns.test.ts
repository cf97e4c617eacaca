import fc from 'fast-check';
import { inTurns, sortedInTurns } from '../../src/in-turns.js';
import { numbered, orderedBy } from '../../src/positions.js';

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

/** Takes this many milliseconds, however fast the machine is. */
function work(duration: number): void {
  for (const end = performance.now() + duration; performance.now() < end;);
}

const compare = (one: number, other: number): number => one - other;

test('a long list lets others have their turn', async () => {
  let visited = 0;
  const visiting = inTurns(Array(2_560).keys(), () => {
    visited += 1;
    work(0.05);
  });
  // The clock is read every 256 rounds, which take 12.8 ms at least.
  expect(await turnsDuring(visiting)).toBeGreaterThanOrEqual(9);
  expect(visited).toBe(2_560);
});

test('sorting a long list lets others have their turn', async () => {
  const numbers = Uint32Array.from({ length: 10_000 }, (_, at) => (at * 7919) % 100_003);
  let sorted = new Uint32Array();
  // A run of 2,000 takes at least 1,999 comparisons.
  const slowly = (one: number, other: number) => {
    work(0.006);
    return compare(one, other);
  };
  const sorting = sortedInTurns(numbers, slowly).then((result) => (sorted = Uint32Array.from(result)));
  expect(await turnsDuring(sorting)).toBeGreaterThanOrEqual(5);
  expect(sorted).toEqual(numbers.toSorted(compare));
});

test('what is sorted in turns is sorted, and what is equal stays in its order', async () => {
  const keys = fc.array(fc.nat(5), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(keys, fc.constantFrom(1, 300), async (some, times) => {
      const all = Array.from({ length: times }, () => some).flat();
      const byKey = (one: number, other: number) => (all[one] ?? 0) - (all[other] ?? 0);
      const positions = numbered(all.length);
      const expected = [...positions].sort(byKey);
      expect([...(await sortedInTurns(positions, byKey))]).toEqual(expected);
      expect([...(await orderedBy(positions, (at) => String(all[at])))]).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});
