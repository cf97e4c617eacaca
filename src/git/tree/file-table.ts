import { isUtf8 } from 'node:buffer';
import type { FileEntry } from '../../model/file-entry.js';
import type { FileList } from '../contract.js';
import { createTurns, sortedInTurns } from '../../in-turns.js';
import { decodeName } from '../../name-bytes.js';

const modes: readonly FileEntry['mode'][] = ['100644', '100755', '120000'];

/** Header of a row: mode, whether the path is UTF-8, length of the id, length of the path. The id and path follow. */
const HEADER_BYTES = 1 + 1 + 1 + 4;
/** Rows are stored in pages. A longer row gets a page of its own. */
const PAGE_BYTES = 64 * 1024;
/** Memory of a number in an array. */
const NUMBER_BYTES = 8;
/** Memory of a text beyond its characters, including its place in an array. */
const TEXT_BYTES = 32;

const SLASH = 0x2f;

const startsWith = (path: Buffer, beginning: Buffer): boolean =>
  path.length >= beginning.length && path.compare(beginning, 0, beginning.length, 0, beginning.length) === 0;

/** A list of files as bytes. A hundred thousand take a quarter of the memory of objects. */
export class FileTable implements FileList {
  readonly submodules: string[] = [];
  readonly #pages: Buffer[] = [];
  /** Bytes used in the last page. */
  #taken = PAGE_BYTES;
  /** Bytes of all pages. */
  #pageBytes = 0;
  #submoduleBytes = 0;
  /** Page number and offset, as one number. */
  #rows: number[] = [];
  #isInOrder = true;

  get length(): number {
    return this.#rows.length;
  }

  /** Memory used by the list. */
  get bytes(): number {
    return this.#pageBytes + this.#rows.length * NUMBER_BYTES + this.#submoduleBytes;
  }

  /** `id` in hexadecimal digits, `path` as git has it. */
  add(mode: FileEntry['mode'], id: string, path: Buffer): void {
    const idBytes = id.length / 2;
    const [page, start] = this.#room(HEADER_BYTES + idBytes + path.length);
    page.writeUInt8(modes.indexOf(mode), start);
    page.writeUInt8(Number(isUtf8(path)), start + 1);
    page.writeUInt8(idBytes, start + 2);
    page.writeUInt32LE(path.length, start + 3);
    page.write(id, start + HEADER_BYTES, 'hex');
    path.copy(page, start + HEADER_BYTES + idBytes);
    const last = this.#rows.at(-1);
    if (last !== undefined && Buffer.compare(this.#pathBytes(last), path) > 0) this.#isInOrder = false;
    this.#rows.push((this.#pages.length - 1) * PAGE_BYTES + start);
  }

  addSubmodule(path: Buffer): void {
    this.submodules.push(decodeName(path));
    this.#submoduleBytes += path.length + TEXT_BYTES;
  }

  /** Sorts files by the bytes of their paths. Git's order is the same, except in a tree written by hand. Yields to other work. */
  async sort(): Promise<void> {
    if (this.#isInOrder) return;
    const compare = (one: number, other: number) => Buffer.compare(this.#pathBytes(one), this.#pathBytes(other));
    this.#rows = Array.from(await sortedInTurns(Uint32Array.from(this.#rows), compare));
    this.#isInOrder = true;
  }

  /**
   * A path that is there twice, or as a file and as a folder. Null if none is, as in every tree that git itself wrote. For a table in order.
   * Yields to other work.
   */
  async ambiguousPath(): Promise<string | null> {
    const nextTurn = createTurns();
    /** Files that the path begins with: in order, all paths with a beginning in common are neighbours. */
    let beginnings: Buffer[] = [];
    for (const row of this.#rows) {
      const path = this.#pathBytes(row);
      beginnings = beginnings.filter((file) => startsWith(path, file));
      const taken = beginnings.find((file) => file.length === path.length || path[file.length] === SLASH);
      if (taken) return decodeName(taken);
      beginnings.push(path);
      const turn = nextTurn(beginnings.length * path.length);
      if (turn) await turn;
    }
    return null;
  }

  at(position: number): FileEntry | undefined {
    const place = this.#rows[position];
    const page = place === undefined ? undefined : this.#pages[Math.floor(place / PAGE_BYTES)];
    if (place === undefined || page === undefined) return undefined;
    const start = place % PAGE_BYTES;
    const path = start + HEADER_BYTES + page.readUInt8(start + 2);
    const isText = page.readUInt8(start + 1) === 1;
    return {
      path: isText
        ? page.toString('utf8', path, path + page.readUInt32LE(start + 3))
        : decodeName(this.#pathBytes(place)),
      mode: modes[page.readUInt8(start)] ?? '100644',
      blob: page.toString('hex', start + HEADER_BYTES, path),
    };
  }

  *[Symbol.iterator](): Generator<FileEntry> {
    for (let position = 0; position < this.length; position += 1) {
      const file = this.at(position);
      if (file) yield file;
    }
  }

  #pathBytes(place: number): Buffer {
    const page = this.#pages[Math.floor(place / PAGE_BYTES)] ?? Buffer.alloc(PAGE_BYTES);
    const start = place % PAGE_BYTES;
    const path = start + HEADER_BYTES + page.readUInt8(start + 2);
    return page.subarray(path, path + page.readUInt32LE(start + 3));
  }

  #room(bytes: number): [page: Buffer, start: number] {
    const last = this.#pages.at(-1);
    const start = this.#taken;
    this.#taken += bytes;
    if (last && this.#taken <= PAGE_BYTES) return [last, start];
    const page = Buffer.allocUnsafe(Math.max(PAGE_BYTES, bytes));
    this.#pages.push(page);
    this.#pageBytes += page.length;
    this.#taken = bytes;
    return [page, 0];
  }
}
