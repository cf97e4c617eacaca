import type { SlipwayError } from '../errors.js';
import { grouped } from '../grouped.js';
import { longestPath, mostFiles, mostListBytes, tooLarge } from './limits.js';
import { takeRows, type TakeOutput } from './rows.js';

/** Bytes of all paths of a commit, of which git holds a copy while it compares it. */
const mostRowBytes = 256 * 1024 * 1024;

/**
 * Counts what a commit holds: a tree may stand in many places, so that a few kilobytes hold ten billion files, or folders without any.
 * Fails with `repository-too-large`.
 */
export class ListLimit {
  #count = 0;
  #rowBytes = 0;

  constructor(private readonly commit: string) {}

  /** One more file or folder; `bytes`: what the list takes of memory by now. */
  count(bytes = 0): void {
    this.#count += 1;
    if (this.#count <= mostFiles && bytes <= mostListBytes) return;
    const limits = `${grouped(mostFiles)}, or ${grouped(mostListBytes)} bytes of paths`;
    const many = grouped(this.#count - 1);
    throw tooLarge(`Commit ${this.commit} has more than ${many} files and folders; the limit is ${limits}.`);
  }

  /** Takes rows of `git ls-tree` only to count them, and their bytes. */
  get take(): TakeOutput {
    return takeRows(0, (row, isCut) => {
      if (isCut) throw this.tooLong(row);
      this.#rowBytes += row.length;
      this.count();
      if (this.#rowBytes > mostRowBytes)
        throw tooLarge(`Commit ${this.commit} has paths of more than ${grouped(mostRowBytes)} bytes together.`);
    });
  }

  /** Of a path of which that is the beginning. */
  tooLong(path: Buffer): SlipwayError {
    return tooLarge(
      `Commit ${this.commit} holds a path of more than ${grouped(Math.min(path.length, longestPath))} bytes.`,
    );
  }
}

/** Lists what is at these paths, or below them. */
export const lsTree = (commit: string, options: readonly string[], ...paths: readonly string[]): string[] => [
  'ls-tree',
  ...options,
  '-z',
  '--full-tree',
  '--end-of-options',
  commit,
  ...paths.filter((path) => path !== ''),
];

/** Lists folders, too: a walk through ten billion that are empty would print nothing. */
export const everything = ['-r', '-t'] as const;
