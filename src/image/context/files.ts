import type { FileList } from '../../git/contract.js';
import type { FileEntry } from '../../model/file-entry.js';
import { byBytes, pathBelow } from '../../patterns/paths.js';

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

/** Files with exactly these paths, sorted by bytes. `hidden`: a folder whose listed files do not count, or null. */
export function filesNamed(
  paths: readonly string[],
  list: FileList,
  others: readonly FileEntry[],
  hidden: string | null,
): readonly FileEntry[] {
  const find = (path: string): FileEntry | undefined => {
    const listed = hidden === null || pathBelow(hidden, path) === null ? findListed(list, path) : undefined;
    return others.findLast((file) => file.path === path) ?? listed;
  };
  return [...new Set(paths)].sort(byBytes).flatMap((path) => find(path) ?? []);
}

/** Searches a list that is sorted by bytes. */
function findListed(list: FileList, path: string): FileEntry | undefined {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (byBytes(list.at(middle)?.path ?? '', path) < 0) low = middle + 1;
    else high = middle;
  }
  const found = list.at(low);
  return found?.path === path ? found : undefined;
}
