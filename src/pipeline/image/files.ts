import type { FileList } from '../../git/contract.js';
import type { FileEntry } from '../../model.js';
import { byBytes } from './paths.js';
import { numbered, ordered } from './positions.js';

/**
 * Files that are chosen from a tree's list, and some that the tree does not have. Of the list's only the positions are held, so that
 * choosing among a hundred thousand takes little memory, however often.
 */
export class Files implements FileList {
  private constructor(
    private readonly list: FileList,
    private readonly others: readonly FileEntry[],
    /** In the list, and behind that in the others. */
    private readonly positions: Uint32Array,
  ) {}

  static of(list: FileList): Files {
    return new Files(list, [], numbered(list.length));
  }

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

  find(wanted: (file: FileEntry) => boolean): FileEntry | undefined {
    for (const file of this) if (wanted(file)) return file;
    return undefined;
  }

  filter(keep: (file: FileEntry) => boolean): Files {
    const kept = this.positions.filter((position) => {
      const file = this.entry(position);
      return file !== undefined && keep(file);
    });
    return new Files(this.list, this.others, kept);
  }

  with(...more: readonly FileEntry[]): Files {
    const positions = new Uint32Array(this.length + more.length);
    positions.set(this.positions);
    more.forEach((_, index) => (positions[this.length + index] = this.list.length + this.others.length + index));
    return new Files(this.list, [...this.others, ...more], positions);
  }

  inOrder(): Files {
    const pathAt = (position: number) => this.entry(position)?.path ?? '';
    return new Files(this.list, this.others, ordered(this.positions, pathAt, byBytes));
  }

  private entry(position: number): FileEntry | undefined {
    return this.list.at(position) ?? this.others[position - this.list.length];
  }
}
