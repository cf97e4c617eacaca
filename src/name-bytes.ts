import { isUtf8 } from 'node:buffer';

/*
 * Converts between the names of files (bytes) and ours (strings). UTF-8 is decoded. In any other name, each byte that is not valid UTF-8 becomes a
 * lone surrogate U+DC80…U+DCFF (the scheme of PEP 383). So no two names become one, and a name can be given back to git unchanged. Other
 * programs that write such a name as UTF-8 show U+FFFD instead.
 */

const ESCAPE_BASE = 0xdc00;

/** Valid ranges of a UTF-8 sequence's first byte and second byte, and its length (The Unicode Standard, table 3-7). */
const sequences: readonly (readonly [first: number, last: number, low: number, high: number, length: number])[] = [
  [0x00, 0x7f, 0x00, 0xff, 1],
  [0xc2, 0xdf, 0x80, 0xbf, 2],
  [0xe0, 0xe0, 0xa0, 0xbf, 3],
  [0xe1, 0xec, 0x80, 0xbf, 3],
  [0xed, 0xed, 0x80, 0x9f, 3],
  [0xee, 0xef, 0x80, 0xbf, 3],
  [0xf0, 0xf0, 0x90, 0xbf, 4],
  [0xf1, 0xf3, 0x80, 0xbf, 4],
  [0xf4, 0xf4, 0x80, 0x8f, 4],
];

const sequenceOfByte = Array.from({ length: 256 }, (_, byte) =>
  sequences.find(([first, last]) => byte >= first && byte <= last),
);

/** Length of the valid UTF-8 sequence at `start`, or 0. */
function sequenceLength(bytes: Buffer, start: number): number {
  const [, , low = 0, high = 0, length = 0] = sequenceOfByte[bytes[start] ?? 0] ?? [];
  if (length < 2) return length;
  const second = bytes[start + 1] ?? 0;
  if (second < low || second > high) return 0;
  for (let at = start + 2; at < start + length; at += 1) if (((bytes[at] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

/** The string that stands for a name's bytes. */
export function decodeName(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const units = Buffer.alloc(bytes.length * 2);
  let taken = 0;
  const put = (unit: number) => (taken = units.writeUInt16LE(unit, taken));
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    if (length === 0) put(ESCAPE_BASE + (bytes[at] ?? 0));
    else if (length < 4) put(codeOf(bytes, at, length));
    else {
      const beyond = codeOf(bytes, at, length) - 0x10000;
      put(0xd800 + (beyond >> 10));
      put(0xdc00 + (beyond & 0x3ff));
    }
    at += Math.max(length, 1);
  }
  return units.toString('utf16le', 0, taken);
}

/** The code point of a valid sequence: the first byte without its length marks, then six bits of each further byte. */
function codeOf(bytes: Buffer, start: number, length: number): number {
  let code = (bytes[start] ?? 0) & (length === 1 ? 0x7f : 0xff >> (length + 1));
  for (let at = start + 1; at < start + length; at += 1) code = (code << 6) | ((bytes[at] ?? 0) & 0x3f);
  return code;
}

/** The inverse of `decodeName`. */
export function encodeName(name: string): Buffer {
  if (!isOddName(name)) return Buffer.from(name, 'utf8');
  const bytes = Buffer.alloc(name.length * 3);
  let [taken, plain] = [0, 0];
  const takePlain = (end: number) => {
    if (end > plain) taken += bytes.write(name.slice(plain, end), taken);
  };
  for (let at = 0; at < name.length;) {
    const code = name.codePointAt(at) ?? 0;
    if (code >= ESCAPE_BASE + 0x80 && code <= ESCAPE_BASE + 0xff) {
      takePlain(at);
      taken = bytes.writeUInt8(code - ESCAPE_BASE, taken);
      plain = at + 1;
    }
    at += code > 0xffff ? 2 : 1;
  }
  takePlain(name.length);
  return bytes.subarray(0, taken);
}

/** True if the name stands for bytes that are not UTF-8. */
export const isOddName = (name: string): boolean => /\p{Surrogate}/u.test(name);
