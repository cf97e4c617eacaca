import type { CommitInfo } from './contract.js';
import { compareTrees, type TreeDifference } from './objects/tree-walk.js';
import type { Workshop } from './workshop.js';

/** Commits at most that are looked through one by one; git is quicker for more. */
const mostCommits = 60;
/** Commits whose number of ancestors is held: those of the next push are a few more. */
const mostCounts = 1_000;

/**
 * What a push usually asks of history, answered from objects that are at hand, without a process for each question. Null in place of an
 * answer: git is to be asked.
 */
export class QuickHistory {
  readonly #counts = new Map<string, number>();

  constructor(private readonly workshop: Workshop) {}

  async info(commit: string): Promise<CommitInfo | null> {
    const infos = await this.#infos([commit]);
    return infos?.[0] ?? null;
  }

  /** Where every commit from the one back to the other has one parent. */
  async between(from: string, to: string): Promise<readonly CommitInfo[] | null> {
    const line: string[] = [];
    for (let id = to; id !== from;) {
      const parents = (await this.workshop.parsed.commit(id))?.parents ?? [];
      const [parent] = parents;
      if (parent === undefined || parents.length > 1 || line.length >= mostCommits) return null;
      line.push(id);
      id = parent;
    }
    // Of a commit that is not there nothing can be said.
    if (line.length === 0) return (await this.workshop.parsed.commit(to)) && [];
    return this.#infos(line);
  }

  /** Where a few commits with one parent each lead back to one whose count is known. */
  async count(commit: string): Promise<number | null> {
    let id = commit;
    for (let steps = 0; steps < mostCommits; steps += 1) {
      const known = this.#counts.get(id);
      if (known !== undefined) return this.counted(commit, known + steps);
      const parents = (await this.workshop.parsed.commit(id))?.parents;
      const [parent] = parents ?? [];
      if (parents?.length === 0) return this.counted(commit, steps + 1);
      if (parent === undefined || parents?.length !== 1) return null;
      id = parent;
    }
    return null;
  }

  /** Holds what git counted. */
  counted(commit: string, count: number): number {
    this.#counts.set(commit, count);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > mostCounts && oldest !== undefined) this.#counts.delete(oldest);
    return count;
  }

  async difference(from: string, to: string): Promise<TreeDifference | null> {
    const { parsed } = this.workshop;
    const [before, after] = await Promise.all([parsed.commit(from), parsed.commit(to)]);
    return before && after && compareTrees(parsed, before.tree, after.tree);
  }

  /** In the order given. */
  async #infos(ids: readonly string[]): Promise<readonly CommitInfo[] | null> {
    const commits = await Promise.all(ids.map((id) => this.workshop.parsed.commit(id)));
    const objects = await this.workshop.objects();
    const full = await objects.resolve(ids.map((id) => id.slice(0, shortest)));
    const infos = ids.flatMap((sha, at): CommitInfo[] => {
      const { time, message } = commits[at] ?? {};
      if (time === undefined || typeof message !== 'string' || full?.[at] !== sha) return [];
      return [{ sha, short: sha.slice(0, shortest), time, message }];
    });
    return infos.length === ids.length ? infos : null;
  }
}

const shortest = 7;
