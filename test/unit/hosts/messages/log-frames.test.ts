import fc from 'fast-check';
import { createLogReader } from '../../../../src/hosts/messages/log-frames.js';

const time = '2026-11-29T10:00:00.123456789Z ';
const at = Date.parse('2026-11-29T10:00:00.123Z');

function frame(stream: number, text: string): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.alloc(8);
  header.writeUInt8(stream, 0);
  header.writeUInt32BE(content.length, 4);
  return Buffer.concat([header, content]);
}

/** All lines of some bytes that arrive in pieces. */
function linesOf(pieces: readonly Buffer[], terminal = false) {
  const reader = createLogReader(terminal);
  return [...pieces.flatMap((piece) => reader.take(piece)), ...reader.end()];
}

const log = Buffer.concat([
  frame(1, `${time}one\n`),
  frame(2, `${time}two ü\n`),
  frame(1, `${time}half `),
  frame(2, `${time}between\n`),
  frame(1, `${time}a line\n`),
  frame(1, `${time}\n`),
  frame(1, ''),
  frame(2, `${time}the end`),
]);
const expected = [
  { stream: 'stdout', at, text: 'one' },
  { stream: 'stderr', at, text: 'two ü' },
  { stream: 'stderr', at, text: 'between' },
  { stream: 'stdout', at, text: 'half a line' },
  { stream: 'stdout', at, text: '' },
  { stream: 'stderr', at, text: 'the end' },
];

test('lines of both streams, wherever the bytes are divided', () => {
  expect(linesOf([log])).toEqual(expected);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: log.length }), { maxLength: 8 }), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), log.length];
      const pieces = places.slice(1).map((end, index) => log.subarray(places[index], end));
      expect(linesOf(pieces)).toEqual(expected);
    }),
  );
});

test('a line of a terminal, which has no frames', () => {
  const pieces = [Buffer.from(`${time}one\r\n${time}tw`), Buffer.from('o\r\n')];
  expect(linesOf(pieces, true)).toEqual([
    { stream: 'stdout', at, text: 'one' },
    { stream: 'stdout', at, text: 'two' },
  ]);
});

test('a text that begins like a time is not cut', () => {
  expect(linesOf([frame(1, `${time}2026- is a year\n`)])[0]?.text).toBe('2026- is a year');
  expect(linesOf([frame(1, 'no time here\n')])[0]).toEqual({ stream: 'stdout', at: null, text: 'no time here' });
});

test('a line without an end comes in parts of 64 KiB, and nothing is lost', () => {
  const part = 'x'.repeat(16 * 1024);
  const lines = linesOf(Array.from({ length: 9 }, () => frame(1, `${time}${part}`)));
  expect(lines.map(({ text }) => text.length)).toEqual([65_536, 65_536, 16_384]);
});

test.each([
  ['a frame over 1 MiB', Buffer.from([1, 0, 0, 0, 0x7f, 0, 0, 0])],
  ['what is not a log', Buffer.from('HTTP/1.1 200 OK')],
])('%s is refused', (_what, bytes) => {
  expect(() => linesOf([bytes])).toThrow(expect.objectContaining({ code: 'engine-error' }));
});

test('a part says that its line goes on, and the last one does not', () => {
  const long = 'x'.repeat(65_536);
  const bytes = frame(1, `${time}${long}${long}ab\nnext\n`);
  expect(linesOf([bytes]).map(({ text, goesOn = false }) => [text.length, goesOn])).toEqual([
    [65_536, true],
    [65_536, true],
    [2, false],
    [4, false],
  ]);
  const pieces = [frame(1, `${time}${long}ab`), frame(1, `${time}cd\n`)];
  expect(linesOf(pieces).map(({ text, goesOn = false }) => [text.length, goesOn])).toEqual([
    [65_536, true],
    [4, false],
  ]);
});
