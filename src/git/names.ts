import { isUtf8 } from 'node:buffer';

/*
 * Git's names are bytes; ours are strings. A name that is UTF-8 is simply decoded. In any other, each byte that is not part of
 * valid UTF-8 becomes the lone surrogate U+DC80…U+DCFF (the scheme of PEP 383), so that two names never become one and a name
 * can be given back to git as it was. Written as UTF-8 by anybody else, such a name shows U+FFFD in those places.
 */

const escapeBase = 0xdc00;

/** Length of the valid UTF-8 sequence at `start`, 0 where there is none. */
function sequenceLength(bytes: Buffer, start: number): number {
  for (let length = 1; length <= 4 && start + length <= bytes.length; length += 1) {
    if (isUtf8(bytes.subarray(start, start + length))) return length;
  }
  return 0;
}

/** The string that stands for a name's bytes. */
export function decodeName(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const parts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    if (length === 0) parts.push(String.fromCharCode(escapeBase + (bytes[at] ?? 0)));
    else parts.push(bytes.toString('utf8', at, at + length));
    at += Math.max(length, 1);
  }
  return parts.join('');
}

/** The bytes that `decodeName` was given. */
export function encodeName(name: string): Buffer {
  if (!/\p{Surrogate}/u.test(name)) return Buffer.from(name, 'utf8');
  const parts = Array.from(name, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code >= escapeBase + 0x80 && code <= escapeBase + 0xff
      ? Buffer.from([code - escapeBase])
      : Buffer.from(character, 'utf8');
  });
  return Buffer.concat(parts);
}

/** The names in NUL-terminated output of git. */
export function splitNames(output: Buffer): string[] {
  if (isUtf8(output)) return output.toString('utf8').split('\0').slice(0, -1);
  const names: string[] = [];
  for (let start = 0, end = output.indexOf(0); end >= 0; start = end + 1, end = output.indexOf(0, start)) {
    names.push(decodeName(output.subarray(start, end)));
  }
  return names;
}

/** Sorted as git sorts: by the names' bytes. */
export function inByteOrder(names: readonly string[]): readonly string[] {
  const plain = names.every(isPlain);
  return [...names].sort(plain ? undefined : byBytes);
}

/** Whether the order of the name's bytes is that of JavaScript's comparison. */
export const isPlain = (name: string): boolean => !beyondAscii.test(name);

const beyondAscii = /[^\0-\x7f]/;

/** Compares the bytes of two names. */
export const byBytes = (one: string, other: string): number => Buffer.compare(encodeName(one), encodeName(other));
