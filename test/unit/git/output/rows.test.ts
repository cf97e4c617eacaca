import { takeLines, takeRows } from '../../../../src/git/output/rows.js';

const rowsOf = (...chunks: readonly string[]): string[] => {
  const rows: string[] = [];
  const take = takeRows(0, (row) => rows.push(row.toString()));
  for (const chunk of chunks) take(Buffer.from(chunk));
  return rows;
};

describe('rows of an output', () => {
  test('are the same wherever it is cut', () => {
    const output = 'one\0\0three\0ä\0';
    const expected = ['one', '', 'three', 'ä'];
    const bytes = Buffer.from(output);
    for (let first = 0; first <= bytes.length; first += 1) {
      for (let second = first; second <= bytes.length; second += 1) {
        const rows: string[] = [];
        const take = takeRows(0, (row) => rows.push(row.toString()));
        for (const part of [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)])
          take(part);
        expect(rows).toEqual(expected);
      }
    }
  });

  test('may be longer than many chunks, and count only if they end with their byte', () => {
    expect(rowsOf('a', 'b', 'c', 'd\0e')).toEqual(['abcd']);
  });

  test('have their beginning alone where they are longer than wanted, however they are cut', () => {
    const bytes = Buffer.from('abc\0abcd\0\0abcdefgh\0ab\0');
    for (let first = 0; first <= bytes.length; first += 1) {
      for (let second = first; second <= bytes.length; second += 1) {
        const rows: [string, boolean][] = [];
        const take = takeRows(0, (row, isCut) => rows.push([row.toString(), isCut]), 3);
        for (const part of [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)])
          take(part);
        expect(rows).toEqual([
          ['abc', false],
          ['abc', true],
          ['', false],
          ['abc', true],
          ['ab', false],
        ]);
      }
    }
  });

  test('end where no more are wanted', () => {
    const rows: string[] = [];
    const take = takeRows(0, (row) => rows.push(row.toString()) < 2);
    expect(take(Buffer.from('a\0b'))).toBe(true);
    expect(take(Buffer.from('\0c\0d'))).toBe(false);
    expect(take(Buffer.from('\0e\0'))).toBe(false);
    expect(rows).toEqual(['a', 'b']);
  });

  test('are lines where a line feed ends them', () => {
    const lines: string[] = [];
    takeLines((line) => lines.push(line))(Buffer.from('1\n\n2\n'));
    expect(lines).toEqual(['1', '', '2']);
  });
});
