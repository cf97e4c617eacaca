import type { FileList } from '../../git/contract.js';
import type { FileEntry } from '../../model/file-entry.js';

/** Files chosen from a tree's list, and some that are not in it. Only positions are held, so that a hundred thousand take little memory. */
export class ChosenFiles implements FileList {
  constructor(
    private readonly list: FileList,
    private readonly others: readonly FileEntry[],
    /** Positions in the list. Those beyond its end are in the others. */
    private readonly positions: Uint32Array,
  ) {}

  get length(): number {
    return this.positions.length;
  }

  at(position: number): FileEntry | undefined {
    const found = this.positions[position];
    return found === undefined ? undefined : this.#entry(found);
  }

  *[Symbol.iterator](): Generator<FileEntry> {
    for (const position of this.positions) {
      const file = this.#entry(position);
      if (file) yield file;
    }
  }

  #entry(position: number): FileEntry | undefined {
    return this.list.at(position) ?? this.others[position - this.list.length];
  }
}
