import type { FileEntry } from '../../model.js';

/** A file of a service's folder in the central dockerfiles, with its content; `path` is relative to that folder. */
export interface CentralFile extends FileEntry {
  /** Of a link: its target. */
  readonly content: Buffer;
}

/** One state of the central dockerfiles. */
export interface CentralTree {
  /** Null for a local folder. */
  readonly commit: string | null;
  /** The files below `<service>/`, sorted by bytes; empty where there is no such folder. The same answer however often it is asked. */
  files(service: string): Promise<readonly CentralFile[]>;
}

/**
 * The central dockerfiles. `current` gives their state now; may run side by side. Fails with `dockerfiles-unavailable` or, for a git
 * repository, as the git host does.
 */
export interface Central {
  current(): Promise<CentralTree>;
}
