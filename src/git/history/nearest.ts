import { createHash } from 'node:crypto';
import { Recent } from '../../recent.js';
import type { MirrorRepository } from '../mirror/mirror-repository.js';
import { MAX_COMMITS } from '../output/limits.js';
import { takeLines } from '../output/rows.js';
import type { QuickHistory } from './quick-history.js';

/** Takes a commit and its parents. Returns false to stop. */
type OnCommit = (id: string, parents: readonly string[]) => boolean;

/** Lists commits with `git rev-list --parents`. `begin` is called again if the command is repeated. */
type List = (commits: readonly string[], args: readonly string[], begin: () => OnCommit) => Promise<void>;

/** `generation` is that of the mirror when the command began. */
type Fail = (
  generation: number,
  commits: readonly string[],
  command: readonly string[],
  outcome: Outcome,
) => Promise<Error>;
type Outcome = Awaited<ReturnType<MirrorRepository['read']>>;

/** Commits of one answer. More lines of history with an own candidate are not told apart. */
const MAX_NEAREST = 16;
/** Answers of git that are cached. A sweep asks for every branch again. */
const MAX_ANSWERS = 1_000;

/** Answers `History.nearest`: from cached objects, else with at most two git processes, however many candidates there are. */
export class Nearest {
  readonly #answers = new Recent<readonly string[]>({ entries: MAX_ANSWERS, weight: MAX_ANSWERS });
  readonly #list: List;

  /** `fail` finds the error for a command that failed. */
  constructor(
    mirrorRepository: MirrorRepository,
    private readonly quick: Pick<QuickHistory, 'firstOf'>,
    fail: Fail,
  ) {
    this.#list = listThrough(mirrorRepository, fail);
  }

  async of(head: string, among: ReadonlySet<string>): Promise<readonly string[]> {
    if (among.has(head)) return [head];
    if (among.size === 0) return [];
    return (await this.quick.firstOf(head, among)) ?? this.#byGit(head, among);
  }

  async #byGit(head: string, among: ReadonlySet<string>): Promise<readonly string[]> {
    const key = createHash('sha256')
      .update([head, ...among].join(' '))
      .digest('hex');
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const { first, isLine } = await firstByDate(head, among, this.#list);
    const found = first === null ? [] : isLine ? [first] : await besides(head, first, among, this.#list);
    this.#answers.add(key, found, 1);
    return found;
  }
}

/** The first candidate that git meets on its way back in time, and whether there is no merge on the way. */
async function firstByDate(head: string, among: ReadonlySet<string>, list: List) {
  let met: { first: string | null; isLine: boolean } = { first: null, isLine: true };
  const begin = (): OnCommit => {
    met = { first: null, isLine: true };
    return (id, parents) => {
      if (among.has(id)) met.first = id;
      else if (parents.length > 1) met.isLine = false;
      return met.first === null;
    };
  };
  await list([head], [`--max-count=${MAX_COMMITS}`, '--end-of-options', head], begin);
  return met;
}

/**
 * The first candidate and those in the rest of the history, without those that another one comes from. Dates may lie, so a descendant of
 * `first` may be among the rest.
 */
async function besides(head: string, first: string, among: ReadonlySet<string>, list: List) {
  let found: string[] = [];
  // What found candidates come from. In topological order children come before their parents.
  let behind = new Set<string>();
  const begin = (): OnCommit => {
    [found, behind] = [[], new Set()];
    return (id, parents) => {
      if (among.has(id) && !behind.has(id)) found.push(id);
      if (among.has(id) || behind.has(id)) for (const parent of parents) behind.add(parent);
      return true;
    };
  };
  const args = ['--topo-order', `--max-count=${MAX_COMMITS}`, '--end-of-options', `${first}..${head}`];
  await list([head, first], args, begin);
  return [...(behind.has(first) ? [] : [first]), ...found].slice(0, MAX_NEAREST);
}

const listThrough =
  (mirrorRepository: MirrorRepository, fail: Fail): List =>
  async (commits, args, begin) => {
    const command = ['rev-list', '--parents', ...args];
    const taking = () => {
      const onCommit = begin();
      return takeLines((line) => {
        const [id = '', ...parents] = line.split(' ');
        return onCommit(id, parents);
      });
    };
    const { generation } = mirrorRepository.rebuilds;
    const done = await mirrorRepository.read(command, { begin: taking });
    if (done.code !== 0) throw await fail(generation, commits, command, done);
  };
