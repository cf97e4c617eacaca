import { createTurns } from '../in-turns.js';
import { SlipwayError } from '../errors.js';
import type { DerivedPattern, Pattern } from '../model/pattern.js';
import { numbered, orderedBy } from '../positions.js';
import { PathSet, type ReadonlyPathSet } from './path-set.js';

/** Paths, and characters of them, that are matched in some milliseconds: nothing need be prepared for them. */
const shortRun = { paths: 1_000, characters: 64 * 1024 } as const;

/**
 * The paths that differ between two commits, prepared for matching against the patterns of many services. Sorted: the common prefix of a
 * pattern's matches narrows the paths to a range. Each pattern is tested once, however many services share it.
 */
export class ChangedPaths {
  /** Sorted by UTF-16 code units, without duplicates. */
  readonly paths: readonly string[];
  readonly all: ReadonlyPathSet;
  /** The result for patterns without a match. */
  readonly none: ReadonlyPathSet;
  readonly #matches = new Map<Pattern | DerivedPattern, ReadonlyPathSet>();

  /** Of any number of paths in any order. Other work goes on while they are sorted. */
  static async of(paths: readonly string[]): Promise<ChangedPaths> {
    if (isSorted(paths)) return new ChangedPaths(paths);
    const nextTurn = createTurns();
    const sorted: string[] = [];
    for (const position of await orderedBy(numbered(paths.length), (at) => paths[at] ?? '')) {
      const path = paths[position] ?? '';
      if (path !== sorted.at(-1)) sorted.push(path);
      const turn = nextTurn(path.length);
      if (turn) await turn;
    }
    return new ChangedPaths(sorted);
  }

  constructor(paths: readonly string[]) {
    this.paths = isSorted(paths) ? paths : [...new Set(paths)].sort();
    this.all = PathSet.all(this.paths.length);
    this.none = PathSet.none(this.paths.length);
  }

  /** Matches patterns ahead of `matchedBy` and yields to other work: a push may change a million paths. */
  async prepare(patterns: readonly (Pattern | DerivedPattern)[]): Promise<void> {
    for (const pattern of patterns) {
      if (this.#matches.has(pattern)) continue;
      if ('matchAll' in pattern) this.#matches.set(pattern, await this.#matchedElsewhere(pattern));
      else await this.#prepareOne(pattern);
    }
  }

  /** A derived pattern must be prepared first. */
  matchedBy(pattern: Pattern | DerivedPattern): ReadonlyPathSet {
    const known = this.#matches.get(pattern);
    if (known) return known;
    if ('matchAll' in pattern) throw new SlipwayError('internal', `${pattern.text} was not matched in advance.`);
    const [start, end] = this.#beginningWith(pattern.prefix ?? '');
    if (start === end) return this.none;
    const found = PathSet.none(this.paths.length);
    for (let at = start; at < end; at += 1) this.#test(pattern, at, found);
    return this.#keep(pattern, found);
  }

  /** The paths that none of the patterns matches. */
  async without(patterns: readonly Pattern[]): Promise<ChangedPaths> {
    await this.prepare(patterns);
    const left = this.all.copy();
    for (const pattern of patterns) left.removeAll(this.matchedBy(pattern));
    const nextTurn = createTurns();
    const paths: string[] = [];
    for (const [at, path] of this.paths.entries()) {
      if (left.has(at)) paths.push(path);
      const turn = nextTurn();
      if (turn) await turn;
    }
    return new ChangedPaths(paths);
  }

  async #prepareOne(pattern: Pattern): Promise<void> {
    const [start, end] = this.#beginningWith(pattern.prefix ?? '');
    if (this.#isShort(start, end)) return;
    const nextTurn = createTurns();
    const found = PathSet.none(this.paths.length);
    for (let at = start; at < end; at += 1) {
      this.#test(pattern, at, found);
      const turn = nextTurn(this.paths[at]?.length);
      if (turn) await turn;
    }
    this.#keep(pattern, found);
  }

  #isShort(start: number, end: number): boolean {
    let characters = 0;
    if (end - start < shortRun.paths) for (let at = start; at < end; at += 1) characters += this.paths[at]?.length ?? 0;
    return end - start < shortRun.paths && characters < shortRun.characters;
  }

  async #matchedElsewhere(pattern: DerivedPattern): Promise<ReadonlyPathSet> {
    const matches = await pattern.matchAll(this.paths);
    const found = PathSet.none(this.paths.length);
    for (const [at, isMatch] of matches.entries()) if (isMatch === 1) found.add(at);
    return found.size === 0 ? this.none : found;
  }

  #test(pattern: Pattern, at: number, found: PathSet): void {
    if (pattern.matches(this.paths[at] ?? '')) found.add(at);
  }

  #keep(pattern: Pattern, found: PathSet): ReadonlyPathSet {
    const kept = found.size === 0 ? this.none : found;
    this.#matches.set(pattern, kept);
    return kept;
  }

  /** Start and end (exclusive) of the paths that begin with the text. */
  #beginningWith(prefix: string): [number, number] {
    if (prefix === '') return [0, this.paths.length];
    const start = this.#firstWhere((path) => path >= prefix);
    return [start, this.#firstWhere((path) => path >= prefix && !path.startsWith(prefix), start)];
  }

  /** The first position where `holds` is true. It must be true for all later positions. */
  #firstWhere(holds: (path: string) => boolean, from = 0): number {
    let [low, high] = [from, this.paths.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(this.paths[middle] ?? '')) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function isSorted(paths: readonly string[]): boolean {
  return paths.every((path, at) => at === 0 || (paths[at - 1] ?? '') < path);
}
