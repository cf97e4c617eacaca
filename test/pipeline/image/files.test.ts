import type { FileEntry } from '../../../src/model.js';
import { Files } from '../../../src/pipeline/image/files.js';
import { numbered, ordered } from '../../../src/pipeline/image/positions.js';

const file = (path: string): FileEntry => ({ path, mode: '100644', blob: path });
const paths = (files: Files) => Array.from(files, ({ path }) => path);

describe('files chosen from a list', () => {
  const chosen = Files.of(['a', 'b', 'd'].map(file));

  test('are those of the list, less some, with others', () => {
    const others = chosen.filter(({ path }) => path !== 'b').with(file('c'), file('B'));
    expect(paths(others)).toEqual(['a', 'd', 'c', 'B']);
    expect([others.length, others.at(2), others.at(4)]).toEqual([4, file('c'), undefined]);
    expect(paths(others.filter(({ path }) => path > 'a').with(file('e')))).toEqual(['d', 'c', 'e']);
    expect(paths(chosen)).toEqual(['a', 'b', 'd']);
  });

  test('are found by what is wanted of them', () => {
    expect(chosen.with(file('x')).find(({ path }) => path > 'b')).toEqual(file('d'));
    expect(chosen.find(() => false)).toBeUndefined();
  });

  test('are put in the order of their bytes', () => {
    const names = ['\u{1f600}', '\uff21', 'é', 'Z', 'a/b', 'a'];
    expect(paths(chosen.with(...names.map(file)).inOrder())).toEqual([
      'Z',
      'a',
      'a',
      'a/b',
      'b',
      'd',
      'é',
      '\uff21',
      '\u{1f600}',
    ]);
  });
});

describe('positions', () => {
  const compare = (one: number, other: number) => one - other;

  test('that are in order stay the very same, so that none are copied', () => {
    const positions = numbered(4);
    expect([...positions]).toEqual([0, 1, 2, 3]);
    expect(ordered(positions, (position) => position >> 1, compare)).toBe(positions);
  });

  test('are sorted by what is at them, and those given are left as they are', () => {
    const positions = numbered(4);
    expect([...ordered(positions, (position) => [5, 7, 1, 6][position] ?? 0, compare)]).toEqual([2, 0, 3, 1]);
    expect([...positions]).toEqual([0, 1, 2, 3]);
  });
});
