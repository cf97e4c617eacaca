/** A compiled path or branch pattern; `text` is what the configuration says. */
export interface Pattern {
  readonly text: string;
  /** What every match begins with; left out where nothing is known. */
  readonly prefix?: string;
  /** No character of the text is special: it is one path, or a folder with `/**` behind it. Left out for globs and expressions. */
  readonly literal?: 'path' | 'folder';
  matches(value: string): boolean;
}

/** A pattern that a repository's own files state: matched where a deadline can end it, many paths at a time. */
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
