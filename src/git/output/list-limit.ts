import type { SlipwayError } from '../../errors.js';
import { grouped } from '../../grouped.js';
import { MAX_PATH_BYTES, MAX_FILES, MAX_LIST_BYTES, tooLarge } from './limits.js';
import { takeRows, type TakeOutput } from './rows.js';

/** Maximum bytes of all paths of a commit. Git holds a copy while it compares. */
const MAX_ROW_BYTES = 256 * 1024 * 1024;

/**
 * Counts what a commit holds. A tree may appear in many places, so a few kilobytes can hold ten billion files or empty folders. Fails with
 * `repository-too-large`.
 */
export class ListLimit {
  #count = 0;
  #rowBytes = 0;

  constructor(private readonly commit: string) {}

  /** Counts one more file or folder. `bytes`: memory used by the list so far. */
  count(bytes = 0): void {
    this.#count += 1;
    if (this.#count <= MAX_FILES && bytes <= MAX_LIST_BYTES) return;
    const limits = `${grouped(MAX_FILES)}, or ${grouped(MAX_LIST_BYTES)} bytes of paths`;
    const many = grouped(this.#count - 1);
    throw tooLarge(`Commit ${this.commit} has more than ${many} files and folders; the limit is ${limits}.`);
  }

  /** Counts rows of `git ls-tree` and their bytes. */
  get take(): TakeOutput {
    return takeRows(0, (row, isCut) => {
      if (isCut) throw this.tooLong(row);
      this.#rowBytes += row.length;
      this.count();
      if (this.#rowBytes > MAX_ROW_BYTES)
        throw tooLarge(`Commit ${this.commit} has paths of more than ${grouped(MAX_ROW_BYTES)} bytes together.`);
    });
  }

  /** `path` is the beginning of the path. */
  tooLong(path: Buffer): SlipwayError {
    return tooLarge(
      `Commit ${this.commit} holds a path of more than ${grouped(Math.min(path.length, MAX_PATH_BYTES))} bytes.`,
    );
  }
}

/** Lists these paths and everything below them. */
export const lsTree = (commit: string, options: readonly string[], ...paths: readonly string[]): string[] => [
  'ls-tree',
  ...options,
  '-z',
  '--full-tree',
  '--end-of-options',
  commit,
  ...paths.filter((path) => path !== ''),
];

/** Lists folders too: a walk through ten billion empty folders would print nothing. */
export const everything = ['-r', '-t'] as const;
