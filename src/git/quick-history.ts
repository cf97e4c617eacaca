import type { CommitInfo } from './contract.js';
import { compareTrees, type TreeDifference } from './objects/tree-walk.js';
import type { Workshop } from './workshop.js';

/** Commits at most that are read one by one; git is quicker for more. */
const mostReads = 60;
/** Commits at most that are looked through, however many of them are at hand: what a burst of pushes leaves behind. */
const mostCommits = 500;
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

  /** Where every commit from the one back to the other has one parent, whichever of them is the older. */
  async between(from: string, to: string): Promise<readonly CommitInfo[] | null> {
    if (from !== to && (await this.#isBefore(to, from))) return [];
    const line: string[] = [];
    const reading = { left: mostReads };
    for (let id = to; id !== from;) {
      const parents = await this.#parents(id, reading);
      const parent = parents?.[0];
      if (parent === undefined || parents?.length !== 1 || line.length >= mostCommits) return null;
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
    const reading = { left: mostReads };
    for (let steps = 0; steps < mostCommits; steps += 1) {
      const known = this.#counts.get(id);
      if (known !== undefined) return this.counted(commit, known + steps);
      const parents = await this.#parents(id, reading);
      const parent = parents?.[0];
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

  /** Whether commits that are at hand lead back to it: one that was announced before the newest is mostly among them. */
  async #isBefore(older: string, newer: string): Promise<boolean> {
    const reading = { left: 0 };
    let id: string | undefined = newer;
    for (let steps = 0; id !== undefined && id !== older && steps < mostCommits; steps += 1) {
      const parents: readonly string[] | null = await this.#parents(id, reading);
      id = parents?.length === 1 ? parents[0] : undefined;
    }
    return id === older;
  }

  /** Null where the commit is not there, or too many have been read already. */
  async #parents(id: string, reading: { left: number }): Promise<readonly string[] | null> {
    const { parsed } = this.workshop;
    if (!parsed.holdsCommit(id)) reading.left -= 1;
    return reading.left < 0 ? null : ((await parsed.commit(id))?.parents ?? null);
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
