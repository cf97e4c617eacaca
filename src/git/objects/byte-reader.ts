import type { Readable } from 'node:stream';

/** Bytes of a line: an id, a type and a size, or the question itself. */
const MAX_LINE_BYTES = 4096;

/** Reads lines and counted bytes from a stream in sequence. Holds no more than the stream's own chunks. */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);
  #ended = false;
  /** Bytes left in the content being read. */
  #left = 0;

  constructor(stream: Readable) {
    this.#source = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }

  /** True if the last content was read to its end. */
  get complete(): boolean {
    return this.#left === 0;
  }

  /** The next line without its end. Null if the stream ends first or the line is longer than any answer of git. */
  async line(): Promise<string | null> {
    for (let begun = ''; ;) {
      const end = this.#held.indexOf(0x0a);
      const length = begun.length + (end < 0 ? this.#held.length : end);
      if (length > MAX_LINE_BYTES) return null;
      begun += this.#held.toString('latin1', 0, end < 0 ? this.#held.length : end);
      if (end >= 0) {
        this.#held = this.#held.subarray(end + 1);
        return begun;
      }
      const chunk = await this.#next();
      if (chunk === null) return null;
      this.#held = chunk;
    }
  }

  /** The next `size` bytes, or fewer if the stream ends. */
  take(size: number): AsyncIterable<Buffer> {
    this.#left = size;
    return this.rest();
  }

  /** The unread rest of the last content. A reader that stops early leaves it for the next call. */
  async *rest(): AsyncGenerator<Buffer, void, undefined> {
    while (this.#left > 0) {
      const chunk = this.#held.length > 0 ? this.#held : await this.#next();
      if (chunk === null) return;
      const part = chunk.subarray(0, this.#left);
      this.#held = chunk.subarray(part.length);
      this.#left -= part.length;
      yield part;
    }
  }

  async #next(): Promise<Buffer | null> {
    if (this.#ended) return null;
    const step = await this.#source.next();
    if (step.done !== true) return step.value;
    this.#ended = true;
    return null;
  }
}
