/**
 * Joins bytes that arrive in pieces. Capacity doubles when full, so each byte is copied a bounded number of times. Joining all pieces each
 * time would take quadratic time.
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

  /** Returns everything and starts empty. */
  take(): Buffer {
    const bytes = this.#room.subarray(0, this.#size);
    this.#room = Buffer.alloc(0);
    this.#size = 0;
    return bytes;
  }
}
