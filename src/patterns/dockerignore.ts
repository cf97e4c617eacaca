import { Effort } from '../effort.js';
import { SlipwayError } from '../errors.js';
import { grouped } from '../grouped.js';
import { isPlainPattern, readIgnorePattern } from './ignore-pattern.js';
import { cleanPath } from './paths.js';
import { PatternSet, type PatternState, type Piece } from './pattern-set.js';

/** Bytes of a `.dockerignore` (CONTRACT, section 3). */
export const MAX_IGNORE_BYTES = 256 * 1024;
export const MAX_IGNORE_RULES = 10_000;

/** Number of folders whose matching state is cached. */
const MAX_FOLDERS = 100_000;

interface Rule {
  readonly exception: boolean;
  /** Null: the rule is the path `plain`. */
  readonly pieces: readonly Piece[] | null;
  readonly plain: string;
}

interface Folder {
  /** The state of the rules with wildcards after the folder's `/`. */
  readonly state: PatternState;
  /** Index of the last rule that matches the folder or one above it, or -1. */
  readonly last: number;
}

/**
 * Tests whether a `.dockerignore` excludes a path (relative to the context, `/`-separated, file or folder). Follows Docker's documentation
 * (https://docs.docker.com/build/concepts/context/#dockerignore-files): the last line that matches the path or a folder above it decides,
 * and `!` includes again, even below an excluded folder. (Docker's clients skip excluded folders, differently by version if an exception
 * has wildcards.)
 * @throws SlipwayError `dockerfile-invalid` for a pattern that Docker refuses, and beyond the limits. The test fails with `reading-stopped`
 * when all answers together exceed the effort.
 */
export function createIgnore(text: string, effort = Effort.forPaths(0)): (path: string) => boolean {
  const rules = readRules(text);
  if (rules.length === 0) return () => false;
  const matching = new IgnoreRules(rules, effort);
  return (path) => {
    const last = rules[matching.last(path)];
    return last !== undefined && !last.exception;
  };
}

class IgnoreRules {
  readonly #plain = new Map<string, number>();
  readonly #patterns: PatternSet;
  readonly #folders = new Map<string, Folder>();
  #generation = 0;

  constructor(
    rules: readonly Rule[],
    private readonly effort: Effort,
  ) {
    const patterns: { index: number; pieces: readonly Piece[] }[] = [];
    for (const [index, { pieces, plain }] of rules.entries()) {
      if (pieces === null) this.#plain.set(plain, index);
      else patterns.push({ index, pieces });
    }
    this.#patterns = new PatternSet(patterns, effort);
  }

  /** Index of the last rule that matches the path or a folder above it, or -1. */
  last(path: string): number {
    const slash = path.lastIndexOf('/');
    const above = slash < 0 ? this.#root() : this.#folder(path.slice(0, slash));
    return this.#below(above, path, path.slice(slash + 1)).last;
  }

  #root(): Folder {
    return { state: this.#patterns.start, last: -1 };
  }

  /** Starts at the nearest cached folder above. */
  #folder(path: string): Folder {
    let known = this.#folders.get(path);
    if (known) return known;
    let start = path.length;
    while (!known && start > 0) {
      this.effort.spend(1 + start);
      start = Math.max(0, path.lastIndexOf('/', start - 1));
      known = this.#folders.get(path.slice(0, start));
    }
    let found = known ?? this.#root();
    for (let from = known ? start + 1 : 0; from <= path.length;) {
      const slash = path.indexOf('/', from);
      const end = slash < 0 ? path.length : slash;
      const below = this.#below(found, path.slice(0, end), path.slice(from, end));
      found = { state: this.#patterns.after(below.state, '/'), last: below.last };
      this.#remember(path.slice(0, end), found);
      from = end + 1;
    }
    return found;
  }

  #below({ state, last }: Folder, path: string, name: string): Folder {
    const here = this.#patterns.after(state, name);
    return { state: here, last: Math.max(last, here.best, this.#plain.get(path) ?? -1) };
  }

  #remember(path: string, folder: Folder): void {
    if (this.#patterns.generation !== this.#generation || this.#folders.size >= MAX_FOLDERS) this.#folders.clear();
    this.#generation = this.#patterns.generation;
    this.#folders.set(path, folder);
  }
}

function readRules(text: string): Rule[] {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_IGNORE_BYTES) throw over(`has ${grouped(bytes)} bytes; the limit is ${grouped(MAX_IGNORE_BYTES)}`);
  const rules: Rule[] = [];
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const rule = readRule(raw, index);
    if (rule) rules.push(rule);
    if (rules.length > MAX_IGNORE_RULES) throw over(`has more than ${grouped(MAX_IGNORE_RULES)} rules`);
  }
  return rules;
}

/** Null for a blank line or a comment. */
function readRule(raw: string, index: number): Rule | null {
  const line = raw.trim();
  if (raw.startsWith('#') || line === '') return null;
  const exception = line.startsWith('!');
  const body = exception ? line.slice(1).trim() : line;
  if (body === '') throw invalid(index, line, 'nothing follows the exclamation mark');
  const cleaned = cleanPath(body);
  const pattern = cleaned.length > 1 && cleaned.startsWith('/') ? cleaned.slice(1) : cleaned;
  if (isPlainPattern(pattern)) return { exception, pieces: null, plain: pattern };
  const pieces = readIgnorePattern(pattern);
  if (pieces === null) throw invalid(index, line, 'its syntax is wrong');
  return { exception, pieces, plain: pattern };
}

function invalid(index: number, line: string, why: string): SlipwayError {
  return new SlipwayError(
    'dockerfile-invalid',
    `.dockerignore line ${index + 1}: the pattern ${JSON.stringify(line.slice(0, 200))} is refused: ${why}.`,
  );
}

const over = (what: string): SlipwayError => new SlipwayError('dockerfile-invalid', `.dockerignore ${what}.`);
