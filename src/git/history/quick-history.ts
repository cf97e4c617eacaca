import type { CommitInfo } from '../contract.js';
import { compareTrees, type TreeDifference } from '../objects/tree-walk.js';
import type { MirrorRepository } from '../mirror/mirror-repository.js';

/** Maximum commits to read one by one. Git is faster for more. */
const MAX_READS = 60;
/** Maximum commits to search among those that a burst of pushes left in the cache. */
const MAX_COMMITS = 500;
/** Number of cached ancestor counts. A push adds a few commits to a known one. */
const MAX_COUNTS = 1_000;

/** Answers what a push usually asks of history, from cached objects, without a process for each question. Null: ask git. */
export class QuickHistory {
  readonly #counts = new Map<string, number>();

  constructor(private readonly mirrorRepository: MirrorRepository) {}

  async info(commit: string): Promise<CommitInfo | null> {
    const infos = await this.#infos([commit]);
    return infos?.[0] ?? null;
  }

  /** Works if each commit between the two has one parent, in either direction. */
  async between(from: string, to: string): Promise<readonly CommitInfo[] | null> {
    if (from !== to && (await this.#isBefore(to, from))) return [];
    const line: string[] = [];
    const reading = { left: MAX_READS };
    for (let id = to; id !== from;) {
      const parents = await this.#parents(id, reading);
      const parent = parents?.[0];
      if (parent === undefined || parents?.length !== 1 || line.length >= MAX_COMMITS) return null;
      line.push(id);
      id = parent;
    }
    // Nothing is known of a commit that is not there.
    if (line.length === 0) return (await this.mirrorRepository.parsed.commit(to)) && [];
    return this.#infos(line);
  }

  /** Works if a few commits with one parent each lead back to a known count. */
  async count(commit: string): Promise<number | null> {
    let id = commit;
    const reading = { left: MAX_READS };
    for (let steps = 0; steps < MAX_COMMITS; steps += 1) {
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

  /** The first of these on the way back from the commit, or none at the root. Works up to the first merge. */
  async firstOf(head: string, among: ReadonlySet<string>): Promise<readonly string[] | null> {
    const reading = { left: MAX_READS };
    let id = head;
    for (let steps = 0; steps < MAX_COMMITS; steps += 1) {
      if (among.has(id)) return [id];
      const parents = await this.#parents(id, reading);
      const parent = parents?.[0];
      if (parents?.length === 0) return [];
      if (parent === undefined || parents?.length !== 1) return null;
      id = parent;
    }
    return null;
  }

  /** Records a count from git. */
  counted(commit: string, count: number): number {
    this.#counts.set(commit, count);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > MAX_COUNTS && oldest !== undefined) this.#counts.delete(oldest);
    return count;
  }

  async difference(from: string, to: string): Promise<TreeDifference | null> {
    const { parsed } = this.mirrorRepository;
    const [before, after] = await Promise.all([parsed.commit(from), parsed.commit(to)]);
    return before && after && compareTrees(parsed, before.tree, after.tree);
  }

  /** True if cached commits lead back to it: a commit announced before the newest is usually among them. */
  async #isBefore(older: string, newer: string): Promise<boolean> {
    const reading = { left: 0 };
    let id: string | undefined = newer;
    for (let steps = 0; id !== undefined && id !== older && steps < MAX_COMMITS; steps += 1) {
      const parents: readonly string[] | null = await this.#parents(id, reading);
      id = parents?.length === 1 ? parents[0] : undefined;
    }
    return id === older;
  }

  /** Null if the commit is not there or the limit is reached. */
  async #parents(id: string, reading: { left: number }): Promise<readonly string[] | null> {
    const { parsed } = this.mirrorRepository;
    if (!parsed.holdsCommit(id)) reading.left -= 1;
    return reading.left < 0 ? null : ((await parsed.commit(id))?.parents ?? null);
  }

  /** In the given order. */
  async #infos(ids: readonly string[]): Promise<readonly CommitInfo[] | null> {
    const commits = await Promise.all(ids.map((id) => this.mirrorRepository.parsed.commit(id)));
    const objects = await this.mirrorRepository.objects();
    const full = await objects.resolve(ids.map((id) => id.slice(0, SHORT_ID_DIGITS)));
    const infos = ids.flatMap((sha, at): CommitInfo[] => {
      const { time, message } = commits[at] ?? {};
      if (time === undefined || typeof message !== 'string' || full?.[at] !== sha) return [];
      return [{ sha, short: sha.slice(0, SHORT_ID_DIGITS), time, message }];
    });
    return infos.length === ids.length ? infos : null;
  }
}

const SHORT_ID_DIGITS = 7;
