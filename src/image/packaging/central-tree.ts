import type { FileEntry } from '../../model/file-entry.js';

/** A file of a central folder with its content. `path` is relative to that folder. */
export interface CentralFile extends FileEntry {
  /** For a link: its target. */
  readonly content: Buffer;
}

/** One state of the central dockerfiles. */
export interface CentralTree {
  /** Null for a local folder. */
  readonly commit: string | null;
  /**
   * The files below a folder (a service's name, or `_…`), sorted by bytes. Empty if there is no such folder. Repeated calls give the same
   * answer.
   */
  files(folder: string): Promise<readonly CentralFile[]>;
  /** Outlines of folders, in one call. */
  outlines(folders: readonly string[]): Promise<ReadonlyMap<string, CentralOutline>>;
}

/** What can be known of a central folder without reading all its files. */
export interface CentralOutline {
  readonly paths: readonly string[];
  /** Text of its Dockerfile. Null without one, or if it is too large to read. */
  readonly dockerfile: string | null;
}

/**
 * The central dockerfiles. `current` gives their present state; calls may overlap. Fails with `dockerfiles-unavailable` or, for a git
 * repository, as the git host does.
 */
export interface Central {
  current(): Promise<CentralTree>;
}
