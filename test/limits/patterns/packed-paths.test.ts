import { packPaths, pathsOf, unpack } from '../../../src/patterns/packed-paths.js';
import { turnsDuring } from '../../support/turns.js';

test('come out as they went in, in order, whatever their characters', async () => {
  const paths = ['a', 'b/é', 'b/\udc80', ...Array.from({ length: 9_000 }, (_, at) => `many/${at}`)];
  const packed = await packPaths(paths);
  expect(packed.length).toBe(paths.length);
  expect([...unpack(packed)]).toEqual(paths);
});

test('of files are taken one at a time, and other work gets its turn', async () => {
  let taken = 0;
  const files = {
    *[Symbol.iterator]() {
      for (; taken < 1_000_000; taken += 1) yield { path: `folder/${taken}` };
    },
  };
  const turns = await turnsDuring(() => packPaths(pathsOf(files)));
  expect(taken).toBe(1_000_000);
  expect(turns).toBeGreaterThan(5);
});
