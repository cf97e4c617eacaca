import { isObjectId } from './object-id.js';
import { parseCommitObject, type CommitObject } from './commit-object.js';
import type { Objects } from './objects.js';
import { parseTreeObject, type TreeEntry } from './tree-object.js';

/** Number of commits, and of entries in trees, that are cached for the next push, which shares most of them. */
const MAX_COMMITS = 1_000;
const MAX_ENTRIES = 20_000;
/** Size limit of each cache, in bytes of the original objects. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Larger commits and trees are left to git, in bytes. */
export const MAX_COMMIT_BYTES = 64 * 1024;
export const MAX_TREE_BYTES = 1024 * 1024;

/** What may be read before it is faster to let git do it. */
export interface Budget {
  left: number;
}

export interface KnownObject {
  readonly type: string;
  readonly id: string;
  readonly content: Buffer;
}

/**
 * Commits and trees of a mirror, parsed. Null means: ask git. Objects never change, so the cache stays valid. A rebuilt mirror may lack
 * cached objects; later reads will find out.
 */
export class Parsed {
  readonly #commits = new Shelf<CommitObject>(MAX_COMMITS, MAX_BYTES);
  readonly #trees = new Shelf<readonly TreeEntry[]>(MAX_ENTRIES, MAX_BYTES);

  constructor(private readonly objects: () => Promise<Objects>) {}

  async commit(id: string): Promise<CommitObject | null> {
    const known = this.#commits.get(id);
    if (known !== undefined) return known;
    if (!isObjectId(id)) return null;
    const { content = null } = (await (await this.objects()).content(id, 'commit', MAX_COMMIT_BYTES)) ?? {};
    return content && this.#keepCommit(id, content);
  }

  async tree(id: string, budget: Budget): Promise<readonly TreeEntry[] | null> {
    const known = this.#trees.use(id);
    if (known !== undefined) return known;
    budget.left -= 1;
    if (budget.left < 0) return null;
    const { content = null } = (await (await this.objects()).content(id, 'tree', MAX_TREE_BYTES)) ?? {};
    return content && this.#keepTree(id, content);
  }

  /** Caches objects that have just arrived in the mirror. */
  readonly learn = (objects: readonly KnownObject[]): void => {
    for (const { type, id, content } of objects) {
      if (type === 'commit' && content.length <= MAX_COMMIT_BYTES) this.#keepCommit(id, content);
      else if (type === 'tree' && content.length <= MAX_TREE_BYTES) this.#keepTree(id, content);
    }
  };

  /** True if a tree is cached. */
  holds(id: string): boolean {
    return this.#trees.has(id);
  }

  /** True if a commit is cached. */
  holdsCommit(id: string): boolean {
    return this.#commits.has(id);
  }

  forget(): void {
    this.#commits.clear();
    this.#trees.clear();
  }

  #keepCommit(id: string, content: Buffer): CommitObject | null {
    const commit = parseCommitObject(content);
    if (commit !== null) this.#commits.put(id, commit, { count: 1, bytes: content.length });
    return commit;
  }

  #keepTree(id: string, content: Buffer): readonly TreeEntry[] | null {
    const entries = parseTreeObject(content, id.length / 2);
    if (entries !== null) this.#trees.put(id, entries, { count: entries.length, bytes: content.length });
    return entries;
  }
}

interface Weight {
  readonly count: number;
  readonly bytes: number;
}

/** A cache with limits on number and size. It drops the least recently used items. */
class Shelf<Item> {
  readonly #held = new Map<string, { readonly item: Item; readonly weight: Weight }>();
  #count = 0;
  #bytes = 0;

  constructor(
    private readonly maxCount: number,
    private readonly maxBytes: number,
  ) {}

  has(id: string): boolean {
    return this.#held.has(id);
  }

  get(id: string): Item | undefined {
    return this.#held.get(id)?.item;
  }

  /** Marks the item as most recently used. */
  use(id: string): Item | undefined {
    const found = this.#held.get(id);
    if (found === undefined) return undefined;
    this.#held.delete(id);
    this.#held.set(id, found);
    return found.item;
  }

  put(id: string, item: Item, weight: Weight): void {
    this.#remove(id);
    this.#held.set(id, { item, weight });
    this.#count += weight.count;
    this.#bytes += weight.bytes;
    for (const oldest of this.#held.keys()) {
      if (this.#count <= this.maxCount && this.#bytes <= this.maxBytes) break;
      this.#remove(oldest);
    }
  }

  clear(): void {
    this.#held.clear();
    [this.#count, this.#bytes] = [0, 0];
  }

  #remove(id: string): void {
    const found = this.#held.get(id);
    if (found === undefined) return;
    this.#held.delete(id);
    this.#count -= found.weight.count;
    this.#bytes -= found.weight.bytes;
  }
}
