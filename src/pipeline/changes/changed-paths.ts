import type { Pattern } from '../../model.js';
import { PathSet, type ReadonlyPathSet } from './path-set.js';

/**
 * The paths that differ between two commits, made ready for many services to be held against: sorted, so that the paths which a pattern
 * can match at all are those between two positions, found by what every match begins with. Only those are tested, and each pattern once,
 * however many services share it.
 */
export class ChangedPaths {
  /** In the order of their UTF-16 code units, each once. */
  readonly paths: readonly string[];
  readonly all: ReadonlyPathSet;
  /** What patterns match that match nothing. */
  readonly none: ReadonlyPathSet;
  readonly #matches = new Map<Pattern, ReadonlyPathSet>();

  constructor(paths: readonly string[]) {
    this.paths = isSorted(paths) ? paths : [...new Set(paths)].sort();
    this.all = PathSet.all(this.paths.length);
    this.none = PathSet.none(this.paths.length);
  }

  matchedBy(pattern: Pattern): ReadonlyPathSet {
    const known = this.#matches.get(pattern);
    if (known) return known;
    const [start, end] = this.#beginningWith(pattern.prefix ?? '');
    if (start === end) return this.none;
    const found = this.#match(pattern, start, end);
    this.#matches.set(pattern, found);
    return found;
  }

  #match(pattern: Pattern, start: number, end: number): ReadonlyPathSet {
    const found = PathSet.none(this.paths.length);
    for (let at = start; at < end; at += 1) {
      if (pattern.matches(this.paths[at] ?? '')) found.add(at);
    }
    return found.size === 0 ? this.none : found;
  }

  /** The positions of the paths that begin with the text, from the first up to, and without, the second. */
  #beginningWith(prefix: string): [number, number] {
    if (prefix === '') return [0, this.paths.length];
    const start = this.#firstWhere((path) => path >= prefix);
    return [start, this.#firstWhere((path) => path >= prefix && !path.startsWith(prefix), start)];
  }

  /** The first position of which `holds` is true, given that it is true of all behind that. */
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
