import type { FileEntry } from '../../../../src/model/file-entry.js';
import { ChosenFiles } from '../../../../src/image/context/files.js';
import { numbered, orderedBy } from '../../../../src/positions.js';

const file = (path: string): FileEntry => ({ path, mode: '100644', blob: path });

test('files chosen from a list are those at the positions, the others behind the list', () => {
  const chosen = new ChosenFiles(['a', 'b', 'd'].map(file), [file('B'), file('c')], Uint32Array.of(3, 0, 4, 2));
  expect(Array.from(chosen, ({ path }) => path)).toEqual(['B', 'a', 'c', 'd']);
  expect([chosen.length, chosen.at(2), chosen.at(4)]).toEqual([4, file('c'), undefined]);
});

describe('positions', () => {
  test('that are in order stay the very same, so that none are copied', async () => {
    const positions = numbered(4);
    expect([...positions]).toEqual([0, 1, 2, 3]);
    expect(await orderedBy(positions, (position) => 'aabb'[position] ?? '')).toBe(positions);
  });

  test('are sorted by their keys, and those given are left as they are', async () => {
    const positions = numbered(4);
    expect([...(await orderedBy(positions, (position) => 'cdab'[position] ?? ''))]).toEqual([2, 3, 0, 1]);
    expect([...positions]).toEqual([0, 1, 2, 3]);
  });

  test('are sorted in runs that are merged, however many there are', async () => {
    const key = (position: number) => String((position * 7919) % 10_007).padStart(5, '0');
    const sorted = await orderedBy(numbered(10_007), key);
    expect([...sorted].map(key)).toEqual([...numbered(10_007)].map(key).sort());
  });
});
