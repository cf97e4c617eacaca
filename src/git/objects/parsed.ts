import { isObjectId } from '../object-id.js';
import { parseCommitObject, type CommitObject } from './commit-object.js';
import type { Objects } from './objects.js';
import { parseTreeObject, type TreeEntry } from './tree-object.js';

/** Commits, and entries of trees, that are held for the next push: it shares most of them. */
const mostCommits = 1_000;
const mostEntries = 20_000;

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
  readonly #commits = new Map<string, CommitObject>();
  readonly #trees = new Map<string, readonly TreeEntry[]>();
  #entries = 0;

  constructor(private readonly objects: () => Promise<Objects>) {}

  async commit(id: string): Promise<CommitObject | null> {
    const known = this.#commits.get(id);
    if (known !== undefined) return known;
    const content = isObjectId(id) ? await (await this.objects()).content(id, 'commit') : null;
    return content && this.#keepCommit(id, content);
  }

  async tree(id: string, budget: Budget): Promise<readonly TreeEntry[] | null> {
    const known = this.#trees.get(id);
    if (known !== undefined) return this.#keep(id, known);
    budget.left -= 1;
    if (budget.left < 0) return null;
    const content = await (await this.objects()).content(id, 'tree');
    return content && this.#keepTree(id, content);
  }

  /** Holds what has just come into the mirror. */
  readonly learn = (objects: readonly KnownObject[]): void => {
    for (const { type, id, content } of objects) {
      if (type === 'commit') this.#keepCommit(id, content);
      else if (type === 'tree') this.#keepTree(id, content);
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
    this.#entries = 0;
  }

  #keepCommit(id: string, content: Buffer): CommitObject | null {
    const commit = parseCommitObject(content);
    if (commit === null) return null;
    this.#commits.set(id, commit);
    const [oldest] = this.#commits.keys();
    if (this.#commits.size > mostCommits && oldest !== undefined) this.#commits.delete(oldest);
    return commit;
  }

  #keepTree(id: string, content: Buffer): readonly TreeEntry[] | null {
    const entries = parseTreeObject(content, id.length / 2);
    return entries && this.#keep(id, entries);
  }

  /** The one that was asked for last goes last. */
  #keep(id: string, entries: readonly TreeEntry[]): readonly TreeEntry[] {
    if (!this.#trees.delete(id)) this.#entries += entries.length;
    this.#trees.set(id, entries);
    for (const [oldest, { length }] of this.#trees) {
      if (this.#entries <= mostEntries) break;
      this.#trees.delete(oldest);
      this.#entries -= length;
    }
    return entries;
  }
}
