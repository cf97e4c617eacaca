import { printable, printableJson, printableLines, printableOutput, twiceEscapedJson } from '../../src/printable.js';

const inJson = (text: string): string => twiceEscapedJson(JSON.stringify(text));

test.each(['\u001b', '\u001b[', '\u001b[1', '\u001b[1;'.repeat(2), '\\', '\r', '\u202e'])(
  'a quarter of a mebibyte of %j takes linear time',
  (part) => {
    // Quadratic time would be minutes; the limit of the test is the deadline.
    const text = part.repeat((1 << 18) / part.length) + '1'.repeat(1 << 18);
    for (const work of [printable, printableLines, printableOutput, printableJson, inJson])
      expect(/[\p{Cc}\u202e]/u.test(work(text))).toBe(false);
  },
  20_000,
);
