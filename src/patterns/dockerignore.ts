import { Effort } from '../effort.js';
import { readIgnoreRules, type IgnoreRule } from './ignore-rules.js';
import { PatternSet, type PatternState, type Piece } from './pattern-set.js';
import type { IgnoreRegex } from './ignore-regex.js';

export { MAX_IGNORE_BYTES } from './ignore-rules.js';

/** Number of folders whose matching state is cached. */
const MAX_FOLDERS = 100_000;

interface Folder {
  /** The state of the rules with wildcards after the folder's `/`. */
  readonly state: PatternState;
  /** Index of the rule that decided on the folder, or -1. */
  readonly last: number;
  /** True if Docker does not enter the folder, so nothing below it can be an exception. */
  readonly closed: boolean;
}

/**
 * Tests whether a `.dockerignore` excludes a path (relative to the context, `/`-separated, file or folder). Follows Docker's current client:
 * https://github.com/moby/patternmatcher (MatchesUsingParentResults) and https://github.com/tonistiigi/fsutil (the walk). From the outermost
 * folder to the path, rules are asked in their order, and one counts where it turns the answer round. What decided on a folder also counts
 * below it. A rule that changed nothing at a folder has to match below it by itself.
 * @throws SlipwayError `dockerfile-invalid` for a pattern that Docker refuses, and beyond the limits. The test fails with `reading-stopped`
 * when all answers together exceed the effort.
 */
export function createIgnore(text: string, effort = Effort.forPaths(0)): (path: string) => boolean {
  const rules = readIgnoreRules(text, effort);
  if (rules.length === 0) return () => false;
  const matching = new IgnoreRules(rules, effort);
  return (path) => matching.excludes(path);
}

class IgnoreRules {
  readonly #plain = new Map<string, number[]>();
  readonly #regexes = new Map<number, IgnoreRegex>();
  readonly #regexIndexes: readonly number[];
  readonly #patterns: PatternSet;
  readonly #folders = new Map<string, Folder>();
  readonly #entered: readonly string[] | null;
  /** Index after the last rule of each kind. */
  readonly #end: { readonly exceptions: number; readonly excludes: number };
  #generation = 0;

  constructor(
    private readonly rules: readonly IgnoreRule[],
    private readonly effort: Effort,
  ) {
    const patterns: { index: number; pieces: readonly Piece[] }[] = [];
    for (const [index, { pattern, compiled }] of rules.entries()) {
      if (compiled === null) this.#addPlain(pattern, index);
      else if ('pieces' in compiled) patterns.push({ index, pieces: compiled.pieces });
      else this.#regexes.set(index, compiled);
    }
    this.#patterns = new PatternSet(patterns, effort);
    this.#regexIndexes = [...this.#regexes.keys()];
    this.#entered = enteredFolders(rules);
    const endOf = (exception: boolean) => rules.findLastIndex((rule) => rule.exception === exception) + 1;
    this.#end = { exceptions: endOf(true), excludes: endOf(false) };
  }

  #addPlain(path: string, index: number): void {
    const same = this.#plain.get(path);
    if (same) same.push(index);
    else this.#plain.set(path, [index]);
  }

  excludes(path: string): boolean {
    const slash = path.lastIndexOf('/');
    const above = slash < 0 ? this.#root() : this.#folder(path.slice(0, slash));
    return !this.#isIncluded(this.#below(above, path, path.slice(slash + 1)).last);
  }

  #root(): Folder {
    return { state: this.#patterns.start, last: -1, closed: false };
  }

  #isIncluded(last: number): boolean {
    return this.rules[last]?.exception ?? true;
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
      const folder = path.slice(0, end);
      const below = this.#below(found, folder, path.slice(from, end));
      const closed = below.closed || this.#isClosed(folder, below.last);
      found = { ...below, state: this.#patterns.after(below.state, '/'), closed };
      this.#remember(folder, found);
      from = end + 1;
    }
    return found;
  }

  #below({ state, last, closed }: Folder, path: string, name: string): Folder {
    const here = this.#patterns.after(state, name);
    return { state: here, last: closed ? last : this.#lastTurn(last, here.matching, path), closed };
  }

  /** Index of the last rule after `last` that turns the answer for the path round, or `last`. */
  #lastTurn(last: number, matching: readonly number[], path: string): number {
    let turn = last;
    let included = this.#isIncluded(last);
    if (turn + 1 >= (included ? this.#end.excludes : this.#end.exceptions)) return turn;
    for (const index of this.#candidates(last, matching, this.#plain.get(path) ?? none)) {
      if (this.rules[index]?.exception === included) continue;
      if (this.#regexes.get(index)?.matches(path, this.effort) === false) continue;
      turn = index;
      included = !included;
    }
    return turn;
  }

  /** The rules after `last` that match, and those that have yet to be asked. */
  #candidates(last: number, matching: readonly number[], plain: readonly number[]): readonly number[] {
    const sources = [matching, plain, this.#regexIndexes].map((source) =>
      (source.at(-1) ?? -1) > last ? source.filter((index) => index > last) : none,
    );
    const filled = sources.filter(({ length }) => length > 0);
    if (filled.length === 0) return none;
    this.effort.spend(matching.length + plain.length + this.#regexIndexes.length);
    return filled.length === 1 ? (filled[0] ?? none) : filled.flat().sort((a, b) => a - b);
  }

  #isClosed(folder: string, last: number): boolean {
    if (this.#entered === null || this.#isIncluded(last)) return false;
    this.effort.spend(this.#entered.length);
    return !this.#entered.some((path) => path.startsWith(`${folder}/`));
  }

  #remember(path: string, folder: Folder): void {
    if (this.#patterns.generation !== this.#generation || this.#folders.size >= MAX_FOLDERS) this.#folders.clear();
    this.#generation = this.#patterns.generation;
    this.#folders.set(path, folder);
  }
}

const none: readonly number[] = [];

/**
 * The texts of the exceptions with a `/` at the end, without `/**` and `/*` before it. If these have no wildcards, Docker enters an excluded
 * folder only if one of the texts lies in it. That changes an answer only for an exception that ends with both, or that matches what its text
 * does not say: a regular expression's signs, or a byte order mark that is skipped. Null if nothing changes.
 */
function enteredFolders(rules: readonly IgnoreRule[]): readonly string[] | null {
  const exceptions = rules.flatMap(({ exception, pattern }) => (exception ? [pattern] : []));
  if (!exceptions.some((pattern) => pattern.endsWith('/*/**') || /[\uFEFF{|}]/.test(pattern))) return null;
  const stripped = exceptions.map((pattern) => pattern.replace(/\/\*\*$/, '').replace(/\/\*$/, ''));
  return stripped.some((text) => /[*[\]?^\\]/.test(text)) ? null : stripped.map((text) => `${text}/`);
}
