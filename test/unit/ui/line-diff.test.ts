import fc from 'fast-check';
import { lineDiff } from '../../../ui/src/pages/deployment/line-diff.js';

const signs = { same: ' ', removed: '-', added: '+' } as const;
const shown = (before: string, after: string) =>
  lineDiff(before, after).map(({ kind, text }) => `${signs[kind]}${text}`);

test.each([
  ['', '', []],
  ['a\nb\n', 'a\nb\n', [' a', ' b']],
  ['a\nb\nc\n', 'a\nx\nc\n', [' a', '-b', '+x', ' c']],
  ['a\nb', 'b\nc', ['-a', ' b', '+c']],
  ['', 'a', ['+a']],
  ['a', '', ['-a']],
])('%j to %j', (before, after, expected) => {
  expect(shown(before, after)).toEqual(expected);
});

test('what stays and goes is the one text, what stays and comes the other, and no line that could stay goes', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const found = lineDiff(before, after);
      const without = (gone: string) => found.filter(({ kind }) => kind !== gone).map((line) => line.text);
      expect(without('added').join('\n')).toBe(before);
      expect(without('removed').join('\n')).toBe(after);
      if (before === after) expect(found.every(({ kind }) => kind === 'same')).toBe(true);
    }),
  );
});

test('long texts are compared as wholes', () => {
  const long = Array.from({ length: 2_001 }, (_, line) => `line ${line}`).join('\n');
  const found = lineDiff(long, 'line 0');
  expect(found.filter(({ kind }) => kind === 'removed')).toHaveLength(2_001);
  expect(found.filter(({ kind }) => kind === 'added')).toHaveLength(1);
});
