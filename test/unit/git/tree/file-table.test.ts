import { FileTable } from '../../../../src/git/tree/file-table.js';
import { encodeName } from '../../../../src/name-bytes.js';
import type { FileEntry } from '../../../../src/model/file-entry.js';

const id = (digit: string, length = 40) => digit.repeat(length);

function tableOf(files: readonly (readonly [FileEntry['mode'], string, Buffer])[]): FileTable {
  const table = new FileTable();
  for (const file of files) table.add(...file);
  return table;
}

describe('a table of files', () => {
  test('gives back what was added, by position and one after the other', () => {
    const table = tableOf([
      ['100644', id('a'), Buffer.from('a')],
      ['100755', id('b', 64), Buffer.from('b/ü')],
      ['120000', id('0'), Buffer.from([0x63, 0xff])],
    ]);
    const expected = [
      { path: 'a', mode: '100644', blob: id('a') },
      { path: 'b/ü', mode: '100755', blob: id('b', 64) },
      { path: 'c\udcff', mode: '120000', blob: id('0') },
    ];
    expect([...table]).toEqual(expected);
    expect([2, 1, 0].map((position) => table.at(position))).toEqual(expected.reverse());
    expect([table.length, table.at(3)]).toEqual([3, undefined]);
    expect([...new FileTable()]).toEqual([]);
  });

  test('takes names of any length, however many', () => {
    const names = Array.from({ length: 3000 }, (_, at) => `${at}/`.padEnd(at % 1000 === 7 ? 200_000 : at % 190, 'x'));
    const table = tableOf(names.map((name) => ['100644', id('c'), Buffer.from(name)]));
    expect(Array.from(table, ({ path }) => path)).toEqual(names);
  });

  test('is put in the order of its names’ bytes', async () => {
    const names = ['b', 'a/x', '\u{1f600}', 'a-', '\uff21', 'a', 'é', 'a.b', 'a0'];
    const table = tableOf(names.map((name, at) => ['100644', id(`${at}`), Buffer.from(name)]));
    await table.sort();
    expect(Array.from(table, ({ path }) => path)).toEqual([
      'a',
      'a-',
      'a.b',
      'a/x',
      'a0',
      'b',
      'é',
      '\uff21',
      '\u{1f600}',
    ]);
    expect(table.at(0)?.blob).toBe(id('5'));
  });

  test.each([
    [['a', 'a'], 'a'],
    [['a', 'a-', 'a.b', 'a/x', 'b'], 'a'],
    [['a', 'a/b/c', 'a0'], 'a'],
    [['a/x', 'a/x/y'], 'a/x'],
    [['\udcff', '\udcff/x'], '\udcff'],
    [['a', 'a-', 'a0/x', 'aa', 'aa0', 'b/a', 'b/aa'], null],
    [[], null],
  ])('finds the ambiguous path among %j', async (names, expected) => {
    const table = tableOf(names.map((name) => ['100644', id('a'), encodeName(name)]));
    await table.sort();
    expect(await table.ambiguousPath()).toBe(expected);
  });
});
