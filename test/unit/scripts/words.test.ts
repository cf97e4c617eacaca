import { findPhrases } from '../../../scripts/parts/prose.mjs';

const phrases = [
  { pattern: '\\bforsooth\\b', instead: 'indeed' },
  { pattern: '\\bas it were\\b', instead: 'nothing' },
];
const linesOf = (path: string, lines: readonly string[]) =>
  findPhrases(path, lines.join('\n'), phrases).map(({ line }) => line);

test.each([
  ['a line comment', ['const a = 1;', '// Forsooth.']],
  ['a comment behind code', ['const a = 1;', 'const b = 2; // forsooth']],
  ['a phrase that a comment breaks over two lines', ['', '/** It is, as it', ' * were, broken. */']],
  ['a comment inside a template', ['const a = `x ${', '/* forsooth */ 1}`;']],
  ['a message', ['', "throw new Error('That is so, forsooth.');"]],
  ['a message with values', ['const a = 1;', 'log(`The ${a} is forsooth so ${a} here`);']],
  ['a test name', ['', "test('counts forsooth', () => {});"]],
  ['the last comment of a file', ['const a = 1;', '// forsooth']],
])('finds it in %s', (_where, lines) => {
  expect(linesOf('a.ts', lines)).toEqual([2]);
});

test('finds a phrase in Markdown, in whatever case', () => {
  expect(linesOf('a.md', ['# Title', '', 'Forsooth, as', 'it were.'])).toEqual([3, 3]);
});

test.each([
  ['an identifier', 'const forsooth = { forsooth: 1 };'],
  ['a value of the program', "const a = 'forsooth'; const b = 'as-forsooth-x';"],
  ['a comment mark inside a string', "const a = '// '; const forsooth = 2;"],
  ['a regular expression', 'const a = /is forsooth here/;'],
])('leaves %s alone', (_what, line) => {
  expect(linesOf('a.ts', [line])).toEqual([]);
});

test('says what to write instead', () => {
  expect(findPhrases('a.mjs', '// As it  were.', phrases)).toEqual([
    { line: 1, phrase: 'As it were', instead: 'nothing' },
  ]);
});
