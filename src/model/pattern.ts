/** A compiled path or branch pattern; `text` is what the configuration says. */
export interface Pattern {
  readonly text: string;
  /** The prefix of every match, if known. */
  readonly prefix?: string;
  /** The text is literal: one path, or a folder with `/**` after it. Absent for globs and expressions. */
  readonly literal?: 'path' | 'folder';
  matches(value: string): boolean;
}

/** A pattern from a repository's own files: matched with a deadline, many paths at a time. */
export interface DerivedPattern {
  readonly text: string;
  /** A byte for each path: 1 if it matches. */
  matchAll(paths: readonly string[]): Promise<Uint8Array>;
}

export interface Regions<Of = Pattern> {
  /** Empty: every path. */
  readonly included: readonly Of[];
  readonly excluded: readonly Of[];
}
