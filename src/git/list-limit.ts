import type { SlipwayError } from '../errors.js';
import { grouped } from '../grouped.js';
import { longestPath, mostFiles, mostListBytes, tooLarge } from './limits.js';
import { takeRows, type TakeOutput } from './rows.js';

/** Maximum bytes of all paths of a commit. Git holds a copy while it compares. */
const mostRowBytes = 256 * 1024 * 1024;

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
    if (this.#count <= mostFiles && bytes <= mostListBytes) return;
    const limits = `${grouped(mostFiles)}, or ${grouped(mostListBytes)} bytes of paths`;
    const many = grouped(this.#count - 1);
    throw tooLarge(`Commit ${this.commit} has more than ${many} files and folders; the limit is ${limits}.`);
  }

  /** Counts rows of `git ls-tree` and their bytes. */
  get take(): TakeOutput {
    return takeRows(0, (row, isCut) => {
      if (isCut) throw this.tooLong(row);
      this.#rowBytes += row.length;
      this.count();
      if (this.#rowBytes > mostRowBytes)
        throw tooLarge(`Commit ${this.commit} has paths of more than ${grouped(mostRowBytes)} bytes together.`);
    });
  }

  /** `path` is the beginning of the path. */
  tooLong(path: Buffer): SlipwayError {
    return tooLarge(
      `Commit ${this.commit} holds a path of more than ${grouped(Math.min(path.length, longestPath))} bytes.`,
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
