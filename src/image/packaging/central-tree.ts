import type { FileEntry } from '../../model/file-entry.js';

/** A file of a folder of the central dockerfiles, with its content; `path` is relative to that folder. */
export interface CentralFile extends FileEntry {
  /** Of a link: its target. */
  readonly content: Buffer;
}

/** One state of the central dockerfiles. */
export interface CentralTree {
  /** Null for a local folder. */
  readonly commit: string | null;
  /**
   * The files below a folder (named like a service, or `_…`), sorted by bytes; empty where there is no such folder. The same answer however
   * often it is asked.
   */
  files(folder: string): Promise<readonly CentralFile[]>;
  /** The same folders seen from outside, all at once. */
  outlines(folders: readonly string[]): Promise<ReadonlyMap<string, CentralOutline>>;
}

/** What can be told of a central folder without reading all that is in it. */
export interface CentralOutline {
  readonly paths: readonly string[];
  /** Text of its Dockerfile; null where it has none, or one that is too large to be read. */
  readonly dockerfile: string | null;
}

/**
 * The central dockerfiles. `current` gives their state now; may run side by side. Fails with `dockerfiles-unavailable` or, for a git
 * repository, as the git host does.
 */
export interface Central {
  current(): Promise<CentralTree>;
}
