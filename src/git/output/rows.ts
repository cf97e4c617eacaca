import { MAX_PATH_BYTES } from './limits.js';

/** Takes the output of a command as it arrives. Returns false to stop it. */
export type TakeOutput = (chunk: Buffer) => boolean;

/** Gets a row's bytes and whether it was truncated. Returns false to stop. */
type OnRow = (row: Buffer, isCut: boolean) => unknown;

/**
 * Cuts output into rows that end with a byte. A large output is never held whole, and a row is truncated to `maxBytes` bytes. Bytes after the
 * last end are ignored.
 */
export function takeRows(end: number, onRow: OnRow, maxBytes = MAX_PATH_BYTES): TakeOutput {
  let begun = new BegunRow(maxBytes);
  let going = true;
  return (chunk) => {
    let start = 0;
    for (let stop = chunk.indexOf(end); going && stop >= 0; stop = chunk.indexOf(end, start)) {
      if (begun.isEmpty && stop - start <= maxBytes) going = onRow(chunk.subarray(start, stop), false) !== false;
      else {
        begun.add(chunk.subarray(start, stop));
        going = onRow(begun.bytes, begun.isCut) !== false;
        begun = new BegunRow(maxBytes);
      }
      start = stop + 1;
    }
    if (going && start < chunk.length) begun.add(chunk.subarray(start));
    return going;
  };
}

class BegunRow {
  isCut = false;
  readonly #parts: Buffer[] = [];
  #length = 0;

  constructor(private readonly maxBytes: number) {}

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#parts, this.#length);
  }

  add(part: Buffer): void {
    const kept = part.subarray(0, this.maxBytes - this.#length);
    if (kept.length < part.length) this.isCut = true;
    if (kept.length === 0) return;
    this.#parts.push(kept);
    this.#length += kept.length;
  }
}

/** Lines of plain text. */
export const takeLines = (onLine: (line: string) => unknown): TakeOutput =>
  takeRows(0x0a, (row) => onLine(row.toString('latin1')));
