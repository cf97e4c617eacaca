import { Effort } from '../../../../src/effort.js';
import { selectRead } from '../../../../src/image/context/read-selection.js';

const select = (count: number, isLink: boolean) => {
  const entries = Array.from({ length: count }, (_, at) => ({ path: `f${at}`, isLink }));
  return selectRead({ sources: ['f*'], entries, targets: new Map(), effort: Effort.forPaths(count) });
};

describe('a glob among the sources', () => {
  test('may match any number of files', () => {
    const selection = select(300_000, false);
    expect('has' in selection && selection.has('f299999')).toBe(true);
  });

  test('may match fifty thousand links', () => {
    expect(select(50_000, true)).toMatchObject({ missing: { length: 50_000 } });
    expect(() => select(50_001, true)).toThrow(expect.objectContaining({ code: 'reading-stopped' }));
  });
});
