/**
 * Puts bytes together that arrive in pieces. The room doubles when it is full, so each byte is copied a bounded number of times however
 * small the pieces are; joining all of them at each piece would take quadratic time.
 */
export class ByteCollector {
  #room = Buffer.alloc(0);
  #size = 0;

  /** Bytes collected so far. */
  get size(): number {
    return this.#size;
  }

  append(piece: Buffer): void {
    const size = this.#size + piece.length;
    if (size > this.#room.length) {
      const room = Buffer.allocUnsafe(Math.max(size, 2 * this.#room.length));
      this.#room.copy(room, 0, 0, this.#size);
      this.#room = room;
    }
    piece.copy(this.#room, this.#size);
    this.#size = size;
  }

  /** Everything collected; begins again with nothing. */
  take(): Buffer {
    const bytes = this.#room.subarray(0, this.#size);
    this.#room = Buffer.alloc(0);
    this.#size = 0;
    return bytes;
  }
}
