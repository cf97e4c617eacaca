import { SlipwayError } from '../../src/errors.js';
import { printable, printableJson, printableLines, printableOutput, twiceEscapedJson } from '../../src/printable.js';

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** C0 but the layout's, DEL and C1, separators, Bidi_Control, deprecated format characters, annotations. */
const never = [
  ...range(0x00, 0x08),
  ...range(0x0b, 0x1f),
  ...range(0x7f, 0x9f),
  ...range(0x2028, 0x202e),
  ...range(0x2066, 0x206f),
  ...[0x061c, 0x200e, 0x200f, 0xfff9, 0xfffa, 0xfffb],
].map((code) => String.fromCharCode(code));

const kept = 'plain ASCII ~, Zürich, Привет, 日本, \u{1f600}, \u00a0, a\u0301, \u200d, \ufeff, "quotes" and \\u001b';

describe.each([
  ['printable', printable],
  ['printableLines', printableLines],
  ['printableOutput', printableOutput],
])('%s', (_, neutral) => {
  test('shows each character that a terminal would obey', () => {
    for (const character of never) {
      const shown = neutral(`a${character}b`);
      expect([character.charCodeAt(0), shown]).toEqual([character.charCodeAt(0), expect.stringMatching(/^a\\\w+b$/)]);
    }
  });

  test('leaves everything else', () => {
    expect(neutral(kept)).toBe(kept);
  });
});

test.each([
  ['\u001b[31mred\u001b[0m', '\\u001b[31mred\\u001b[0m', '\\u001b[31mred\\u001b[0m', '\u001b[31mred\u001b[0m'],
  ['\u001b[38;5;8;1mx', '\\u001b[38;5;8;1mx', '\\u001b[38;5;8;1mx', '\u001b[38;5;8;1mx'],
  ['\u001b[2J\u001b[1;1H', '\\u001b[2J\\u001b[1;1H', '\\u001b[2J\\u001b[1;1H', '\\u001b[2J\\u001b[1;1H'],
  ['\u001b]0;title\u0007', '\\u001b]0;title\\u0007', '\\u001b]0;title\\u0007', '\\u001b]0;title\\u0007'],
  ['\u001b[\u001b[31m', '\\u001b[\\u001b[31m', '\\u001b[\\u001b[31m', '\\u001b[\u001b[31m'],
  ['\u009b31m', '\\u009b31m', '\\u009b31m', '\\u009b31m'],
  ['a\tb\nc\r\nd', 'a\\tb\\nc\\r\\nd', 'a\tb\nc\r\nd', 'a\tb\nc\r\nd'],
  ['a\rb\r\r\n', 'a\\rb\\r\\r\\n', 'a\\rb\\r\r\n', 'a\\rb\\r\r\n'],
  ['\b\f', '\\b\\f', '\\b\\f', '\\b\\f'],
  ['user\u202egnp.exe', 'user\\u202egnp.exe', 'user\\u202egnp.exe', 'user\\u202egnp.exe'],
])('%j on one line, on several, and as output', (text, one, several, output) => {
  expect([printable(text), printableLines(text), printableOutput(text)]).toEqual([one, several, output]);
});

describe('JSON', () => {
  const value = { 'k\u202e': [...never, '\n', '\t', '\\', '"', '\\u202e', kept], deep: { text: '\u009b\\\u0085' } };

  test('means the same, and prints as it is written', () => {
    const shown = printableJson(`${JSON.stringify(value, null, 2)}\n`);
    expect(JSON.parse(shown)).toEqual(value);
    expect(printableLines(shown)).toBe(shown);
  });

  test('that is read again holds nothing that a terminal would obey', () => {
    const text = never.map((character) => `<${character}>`).join('');
    const read = JSON.parse(twiceEscapedJson(JSON.stringify({ [text]: text, kept, lines: 'a\n\tb' }))) as object;
    expect(read).toEqual({ [printableLines(text)]: printableLines(text), kept, lines: 'a\n\tb' });
  });
});

test('a message of an error is fit to be printed, and so is its step', () => {
  const error = new SlipwayError('dockerfile-invalid', 'a\u001b[2J\nb\u202e', { step: 'RUN\u009b\n' });
  expect([error.message, error.step]).toEqual(['a\\u001b[2J\nb\\u202e', 'RUN\\u009b\\n']);
});
