/**
 * Applies a delta to its base (gitformat-pack(5), "Deltified representation"). Null if it is invalid, is for another base, does not match
 * its stated size, or states more than `maxBytes` bytes: a short delta can state gigabytes. Works in place, because a delta of megabytes may
 * have as many steps.
 */
export function applyDelta(base: Buffer, delta: Buffer, maxBytes: number): Buffer | null {
  const from = readSize(delta, 0);
  const to = from && readSize(delta, from.end);
  if (!from || !to || from.size !== base.length || to.size > maxBytes) return null;
  const made = new Made(base, Buffer.alloc(to.size));
  let at = to.end;
  while (at > 0 && at < delta.length) at = made.step(delta, at);
  return at === delta.length && made.isWhole ? made.content : null;
}

const NONE = -1;

class Made {
  #length = 0;

  constructor(
    private readonly base: Buffer,
    readonly content: Buffer,
  ) {}

  get isWhole(): boolean {
    return this.#length === this.content.length;
  }

  /** Start of the next step, or `NONE` for an invalid step. */
  step(delta: Buffer, begin: number): number {
    return (delta[begin] ?? 0) & 0x80 ? this.#copy(delta, begin) : this.#insert(delta, begin);
  }

  /** Up to four bytes of an offset and three of a length. Bits of the first byte say which of them are present. */
  #copy(delta: Buffer, begin: number): number {
    const written = delta[begin] ?? 0;
    let end = begin + 1;
    let [offset, length] = [0, 0];
    for (let bit = 0; bit < 4; bit += 1) if (written & (1 << bit)) offset += (delta[end++] ?? 0) * 256 ** bit;
    for (let bit = 0; bit < 3; bit += 1) if (written & (16 << bit)) length += (delta[end++] ?? 0) * 256 ** bit;
    return end <= delta.length && this.#take(this.base, offset, length || 0x10000) ? end : NONE;
  }

  /** The first byte is the length. 0 is reserved. */
  #insert(delta: Buffer, begin: number): number {
    const length = delta[begin] ?? 0;
    return length > 0 && this.#take(delta, begin + 1, length) ? begin + 1 + length : NONE;
  }

  #take(source: Buffer, start: number, length: number): boolean {
    if (start + length > source.length || this.#length + length > this.content.length) return false;
    source.copy(this.content, this.#length, start, start + length);
    this.#length += length;
    return true;
  }
}

/** Seven bits per byte, lowest first. The eighth bit means that more follow. */
function readSize(bytes: Buffer, begin: number): { readonly size: number; readonly end: number } | null {
  let size = 0;
  for (let at = begin; at < Math.min(bytes.length, begin + 7); at += 1) {
    const byte = bytes[at] ?? 0;
    size += (byte & 0x7f) * 128 ** (at - begin);
    if (byte < 0x80) return { size, end: at + 1 };
  }
  return null;
}
