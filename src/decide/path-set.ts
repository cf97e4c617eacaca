const WORD_BITS = 32;

/** A set for reading. */
export type ReadonlyPathSet = Omit<PathSet, 'add' | 'addAll' | 'removeAll'>;

/**
 * A subset of a list's paths: one bit per position, so that sets of thousands are joined in microseconds. Only sets of the same list may be
 * combined.
 */
export class PathSet {
  private constructor(readonly words: Int32Array) {}

  static none(length: number): PathSet {
    return new PathSet(new Int32Array(Math.ceil(length / WORD_BITS)));
  }

  static all(length: number): PathSet {
    const set = PathSet.none(length);
    set.words.fill(-1);
    if (length % WORD_BITS > 0) set.words[set.words.length - 1] = (1 << (length % WORD_BITS)) - 1;
    return set;
  }

  copy(): PathSet {
    return new PathSet(this.words.slice());
  }

  add(position: number): void {
    const at = Math.floor(position / WORD_BITS);
    this.words[at] = (this.words[at] ?? 0) | (1 << (position % WORD_BITS));
  }

  addAll({ words: others }: ReadonlyPathSet): void {
    const { words } = this;
    for (let at = 0; at < words.length; at += 1) words[at] = (words[at] ?? 0) | (others[at] ?? 0);
  }

  removeAll({ words: others }: ReadonlyPathSet): void {
    const { words } = this;
    for (let at = 0; at < words.length; at += 1) words[at] = (words[at] ?? 0) & ~(others[at] ?? 0);
  }

  has(position: number): boolean {
    return ((this.words[Math.floor(position / WORD_BITS)] ?? 0) & (1 << (position % WORD_BITS))) !== 0;
  }

  meets({ words: others }: ReadonlyPathSet): boolean {
    for (let at = 0; at < this.words.length; at += 1)
      if (((this.words[at] ?? 0) & (others[at] ?? 0)) !== 0) return true;
    return false;
  }

  get size(): number {
    let count = 0;
    for (let at = 0; at < this.words.length; at += 1) count += ones(this.words[at] ?? 0);
    return count;
  }

  /** The lowest positions, at most `limit`. */
  first(limit: number): number[] {
    const found: number[] = [];
    for (let at = 0; at < this.words.length; at += 1) {
      for (let word = this.words[at] ?? 0; word !== 0; word &= word - 1) {
        if (found.length === limit) return found;
        found.push(at * WORD_BITS + (WORD_BITS - 1 - Math.clz32(word & -word)));
      }
    }
    return found;
  }
}

/** Counts set bits by adding up neighbouring groups of one, two and four bits. */
function ones(word: number): number {
  if (word === 0) return 0;
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
