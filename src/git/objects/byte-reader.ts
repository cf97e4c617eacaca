import type { Readable } from 'node:stream';

/** Bytes of a line: an id, a type and a size, or what was asked for. */
const longestLine = 4096;

/** Reads lines and counted bytes from a stream, one after the other, without holding more than the stream's own chunks. */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);
  #ended = false;
  /** Bytes of the content being read that are yet to come. */
  #left = 0;

  constructor(stream: Readable) {
    this.#source = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  }

  /** Whether the content that was taken last has been read to its end. */
  get complete(): boolean {
    return this.#left === 0;
  }

  /** The next line without its end; null where the stream ends first, or where it is longer than any that git answers with. */
  async line(): Promise<string | null> {
    for (let begun = ''; ;) {
      const end = this.#held.indexOf(0x0a);
      const length = begun.length + (end < 0 ? this.#held.length : end);
      if (length > longestLine) return null;
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

  /** The next `size` bytes; fewer only where the stream ends. */
  take(size: number): AsyncIterable<Buffer> {
    this.#left = size;
    return this.rest();
  }

  /** What is still unread of the content taken last. A reader that stops early leaves the rest for the next call. */
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
