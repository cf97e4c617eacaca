import type { FileList } from '../../git/contract.js';
import type { FileEntry } from '../../model/file-entry.js';

/**
 * Files that are chosen from a tree's list, and some that the tree does not have. Of the list's only the positions are held, so that
 * a hundred thousand take little memory.
 */
export class ChosenFiles implements FileList {
  constructor(
    private readonly list: FileList,
    private readonly others: readonly FileEntry[],
    /** In the list, and behind that in the others. */
    private readonly positions: Uint32Array,
  ) {}

  get length(): number {
    return this.positions.length;
  }

  at(position: number): FileEntry | undefined {
    const found = this.positions[position];
    return found === undefined ? undefined : this.entry(found);
  }

  *[Symbol.iterator](): Generator<FileEntry> {
    for (const position of this.positions) {
      const file = this.entry(position);
      if (file) yield file;
    }
  }

  private entry(position: number): FileEntry | undefined {
    return this.list.at(position) ?? this.others[position - this.list.length];
  }
}
