import { isObjectId } from '../object-id.js';
import { parseCommitObject, type CommitObject } from './commit-object.js';
import type { Objects } from './objects.js';
import { parseTreeObject, type TreeEntry } from './tree-object.js';

/** Commits, and entries of trees, that are held for the next push: it shares most of them. */
const mostCommits = 1_000;
const mostEntries = 20_000;
/** Bytes that these came from, of each kind. */
const mostBytes = 4 * 1024 * 1024;
/** Bytes of a commit, and of a tree, that are read here: git is asked about larger ones. */
export const largestCommit = 64 * 1024;
export const largestTree = 1024 * 1024;

/** What may still be read before it is quicker to have git do it. */
export interface Budget {
  left: number;
}

export interface KnownObject {
  readonly type: string;
  readonly id: string;
  readonly content: Buffer;
}

/**
 * Commits and trees of a mirror, parsed. Null in place of an answer: it cannot be had in this way, and git is to be asked. Objects never
 * change, so what was read stays true; a mirror that was made anew may lack them, and to say so is left to whoever needs more of it.
 */
export class Parsed {
  readonly #commits = new Shelf<CommitObject>(mostCommits, mostBytes);
  readonly #trees = new Shelf<readonly TreeEntry[]>(mostEntries, mostBytes);

  constructor(private readonly objects: () => Promise<Objects>) {}

  async commit(id: string): Promise<CommitObject | null> {
    const known = this.#commits.get(id);
    if (known !== undefined) return known;
    if (!isObjectId(id)) return null;
    const { content = null } = (await (await this.objects()).content(id, 'commit', largestCommit)) ?? {};
    return content && this.#keepCommit(id, content);
  }

  async tree(id: string, budget: Budget): Promise<readonly TreeEntry[] | null> {
    const known = this.#trees.use(id);
    if (known !== undefined) return known;
    budget.left -= 1;
    if (budget.left < 0) return null;
    const { content = null } = (await (await this.objects()).content(id, 'tree', largestTree)) ?? {};
    return content && this.#keepTree(id, content);
  }

  /** Holds what has just come into the mirror. */
  readonly learn = (objects: readonly KnownObject[]): void => {
    for (const { type, id, content } of objects) {
      if (type === 'commit' && content.length <= largestCommit) this.#keepCommit(id, content);
      else if (type === 'tree' && content.length <= largestTree) this.#keepTree(id, content);
    }
  };

  /** Whether a tree is here, so that nothing need be read for it. */
  holds(id: string): boolean {
    return this.#trees.has(id);
  }

  /** The same of a commit. */
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

/** Holds what was read until it is too many or too much; then the one goes that was put or used least recently. */
class Shelf<Item> {
  readonly #held = new Map<string, { readonly item: Item; readonly weight: Weight }>();
  #count = 0;
  #bytes = 0;

  constructor(
    private readonly mostCount: number,
    private readonly mostBytes: number,
  ) {}

  has(id: string): boolean {
    return this.#held.has(id);
  }

  get(id: string): Item | undefined {
    return this.#held.get(id)?.item;
  }

  /** It goes last from then on. */
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
      if (this.#count <= this.mostCount && this.#bytes <= this.mostBytes) break;
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
