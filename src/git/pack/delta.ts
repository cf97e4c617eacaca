/**
 * The content that a delta makes of its base (gitformat-pack(5), "Deltified representation"). Null where it is none, is for another base,
 * does not come to the size that it states, or states more than `most` bytes: a few make gigabytes.
 */
export function applyDelta(base: Buffer, delta: Buffer, most: number): Buffer | null {
  const from = readSize(delta, 0);
  const to = from && readSize(delta, from.end);
  if (!from || !to || from.size !== base.length || to.size > most) return null;
  const parts: Buffer[] = [];
  let made = 0;
  for (let at = to.end; at < delta.length;) {
    const step = (delta[at] ?? 0) & 0x80 ? readCopy(base, delta, at) : readInsert(delta, at);
    if (step === null) return null;
    parts.push(step.part);
    made += step.part.length;
    at = step.end;
    if (made > to.size) return null;
  }
  return made === to.size ? Buffer.concat(parts, made) : null;
}

interface Step {
  readonly part: Buffer;
  /** Where the next step begins. */
  readonly end: number;
}

/** Up to four bytes of an offset and three of a length, each of which the first byte says whether it is written at all. */
function readCopy(base: Buffer, delta: Buffer, begin: number): Step | null {
  const written = delta[begin] ?? 0;
  let end = begin + 1;
  const number = (bits: readonly number[]) =>
    bits.reduce((sum, bit, place) => (written & (1 << bit) ? sum + (delta[end++] ?? NaN) * 256 ** place : sum), 0);
  const offset = number([0, 1, 2, 3]);
  const length = number([4, 5, 6]) || 0x10000;
  return end <= delta.length && offset + length <= base.length
    ? { part: base.subarray(offset, offset + length), end }
    : null;
}

/** The first byte is the length; 0 is kept for later use. */
function readInsert(delta: Buffer, begin: number): Step | null {
  const length = delta[begin] ?? 0;
  const end = begin + 1 + length;
  return length > 0 && end <= delta.length ? { part: delta.subarray(begin + 1, end), end } : null;
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function readSize(bytes: Buffer, begin: number): { readonly size: number; readonly end: number } | null {
  let size = 0;
  for (let at = begin; at < Math.min(bytes.length, begin + 7); at += 1) {
    const byte = bytes[at] ?? 0;
    size += (byte & 0x7f) * 128 ** (at - begin);
    if (byte < 0x80) return { size, end: at + 1 };
  }
  return null;
}
