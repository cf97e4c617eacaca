import { SlipwayError } from '../../errors.js';
import { logCommand, parseLogs } from './commit-log.js';
import type { CommitInfo, CommitList, History } from '../contract.js';
import { localError } from '../process/faults.js';
import { everything, ListLimit, lsTree } from '../output/list-limit.js';
import { inByteOrder } from '../output/names.js';
import { NameList } from '../output/name-list.js';
import { Nearest } from './nearest.js';
import { QuickHistory } from './quick-history.js';
import { takeLines, type TakeOutput } from '../output/rows.js';
import type { GitOutcome } from '../process/run-git.js';
import { isObjectId } from '../objects/object-id.js';
import { MAX_REMEMBERED_BYTES } from '../objects/objects.js';
import type { MirrorRepository } from '../mirror/mirror-repository.js';

/** The ids that are commits in the mirror. */
async function commitsAmong(mirrorRepository: MirrorRepository, ids: readonly string[]): Promise<readonly string[]> {
  const types = await typesOf(mirrorRepository, ids);
  return ids.filter((_, at) => types[at] === 'commit');
}

/** Types of objects, in the given order; null for one that the mirror lacks. Asks again if the mirror is rebuilt in the meantime. */
async function typesOf(
  mirrorRepository: MirrorRepository,
  ids: readonly string[],
): Promise<readonly (string | null)[]> {
  if (ids.length === 0) return [];
  const { generation } = mirrorRepository.rebuilds;
  const types = await askForTypes(mirrorRepository, ids);
  if (!types.includes(null)) return types;
  await mirrorRepository.rebuilds.settled();
  return generation === mirrorRepository.rebuilds.generation ? types : askForTypes(mirrorRepository, ids);
}

async function askForTypes(mirrorRepository: MirrorRepository, ids: readonly string[]) {
  const headers = await (await mirrorRepository.objects()).headers(ids);
  if (headers !== null) return headers.map((header) => header?.type ?? null);
  const checked = await mirrorRepository.read(['cat-file', '--batch-check=%(objecttype) %(objectname)', '--buffer'], {
    input: ids,
  });
  const lines = checked.stdout.toString('latin1').split('\n');
  const found = new Map(lines.map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))]));
  return ids.map((id) => found.get(id) ?? null);
}

/** Full ids of commits. Checked, because they become arguments of git. */
function asIds(commits: readonly string[]): string[] {
  return commits.map((commit) => {
    const id = commit.toLowerCase();
    if (!isObjectId(id)) throw new SlipwayError('commit-not-found', `${JSON.stringify(commit)} is not a commit id`);
    return id;
  });
}

/**
 * Reads the output of a command about commits as it arrives. `begin` is called again if the command is repeated. Short output is cached.
 * Fails with `commit-not-found` if one of the commits is not in the mirror. That is checked only after a failure, so that the usual case
 * costs one process.
 */
export async function takeAbout(
  mirrorRepository: MirrorRepository,
  commits: readonly string[],
  args: (ids: readonly string[]) => readonly string[],
  begin: () => TakeOutput,
): Promise<void> {
  const ids = asIds(commits);
  const { generation } = mirrorRepository.rebuilds;
  const command = args(ids);
  const key = command.join('\0');
  const objects = await mirrorRepository.objects();
  const known = objects.recall(key);
  if (known !== null) return void begin()(known);
  let short: Short = new Short();
  const taking = (): TakeOutput => {
    short = new Short();
    const take = begin();
    return (chunk) => {
      short.add(chunk);
      return take(chunk);
    };
  };
  const done = await mirrorRepository.read(command, { begin: taking });
  if (done.code !== 0) throw await failureOf(mirrorRepository, generation, ids, command, done);
  const { bytes } = short;
  if (bytes !== null) objects.keep(key, bytes);
}

/** Copies output that is short enough to cache. */
class Short {
  #chunks: Buffer[] | null = [];
  #size = 0;

  add(chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > MAX_REMEMBERED_BYTES) this.#chunks = null;
    this.#chunks?.push(chunk);
  }

  get bytes(): Buffer | null {
    return this.#chunks && Buffer.concat(this.#chunks);
  }
}

async function failureOf(
  mirrorRepository: MirrorRepository,
  generation: number,
  ids: readonly string[],
  command: readonly string[],
  done: GitOutcome,
) {
  const lost = await firstLost(mirrorRepository, ids, { generation });
  return lost ?? localError(`git ${command[0]}`, done);
}

async function firstLost(
  mirrorRepository: MirrorRepository,
  ids: readonly string[],
  { generation }: { readonly generation: number } = mirrorRepository.rebuilds,
): Promise<SlipwayError | null> {
  const there = await commitsAmong(mirrorRepository, ids);
  const lost = ids.find((id) => !there.includes(id));
  return lost === undefined
    ? null
    : mirrorRepository.rebuilds.notFound(generation, `Commit ${lost} is not in the repository`);
}

export async function requireCommit(mirrorRepository: MirrorRepository, commit: string): Promise<void> {
  const lost = await firstLost(mirrorRepository, asIds([commit]));
  if (lost !== null) throw lost;
}

export function createHistory(mirrorRepository: MirrorRepository): History {
  const has = async (commit: string): Promise<boolean> => {
    const id = commit.toLowerCase();
    return isObjectId(id) && (await commitsAmong(mirrorRepository, [id])).length === 1;
  };
  const quick = new QuickHistory(mirrorRepository);
  const nearest = new Nearest(mirrorRepository, quick, (...failed) => failureOf(mirrorRepository, ...failed));
  const counted = new Set<string>();
  return {
    has,

    async typeOf(object) {
      const id = object.toLowerCase();
      const [type] = isObjectId(id) ? await typesOf(mirrorRepository, [id]) : [];
      return isType(type) ? type : null;
    },

    async resolve(abbreviated) {
      const prefix = abbreviated.toLowerCase();
      if (!/^[0-9a-f]{4,64}$/.test(prefix)) return null;
      if (isObjectId(prefix)) return (await has(prefix)) ? prefix : null;
      // Not by rev-parse's own rules: a branch may have a name like an abbreviated id.
      const found = await mirrorRepository.read(['rev-parse', `--disambiguate=${prefix}`]);
      const commits = await commitsAmong(
        mirrorRepository,
        found.stdout.toString('latin1').split('\n').filter(isObjectId),
      );
      return commits.length === 1 ? (commits[0] ?? null) : null;
    },

    async info(commit) {
      return (await quick.info(commit.toLowerCase())) ?? infoByGit(mirrorRepository, commit);
    },

    async count(commit) {
      const id = commit.toLowerCase();
      return (await quick.count(id)) ?? quick.counted(id, await countByGit(mirrorRepository, commit));
    },

    async between(from, to, which = 'all') {
      return (
        (await quick.between(from.toLowerCase(), to.toLowerCase())) ?? betweenByGit(mirrorRepository, from, to, which)
      );
    },

    async nearest(head, among) {
      const [id = ''] = asIds([head]);
      return nearest.of(id, among);
    },

    mergeBase: (one, other) => mergeBase(mirrorRepository, one, other),

    async changedPaths(from, to) {
      const known = await quick.difference(from.toLowerCase(), to.toLowerCase());
      if (known !== null) return inByteOrder(known.paths);
      for (const commit of [from, to]) await requireCountable(mirrorRepository, commit, counted);
      return changedPathsByGit(mirrorRepository, from, to);
    },
  };
}

/** Git ends with 1 if there is none. */
async function mergeBase(mirrorRepository: MirrorRepository, one: string, other: string): Promise<string | null> {
  const ids = asIds([one, other]);
  const done = await mirrorRepository.read(['merge-base', '--end-of-options', ...ids]);
  const found = done.stdout.toString('latin1').trim();
  if (done.code === 0 && isObjectId(found)) return found;
  const lost = await firstLost(mirrorRepository, ids);
  if (lost !== null) throw lost;
  if (done.code === 1) return null;
  throw localError('git merge-base', done);
}

const isType = (text: string | null | undefined) =>
  text === 'commit' || text === 'tree' || text === 'blob' || text === 'tag';

async function infoByGit(mirrorRepository: MirrorRepository, commit: string): Promise<CommitInfo> {
  const [info] = await logsOf(mirrorRepository, [commit], (ids) => ['--no-walk', '--end-of-options', ...ids]);
  if (info === undefined) throw new SlipwayError('internal', `git log did not list ${commit}`);
  return info;
}

async function countByGit(mirrorRepository: MirrorRepository, commit: string): Promise<number> {
  const counting = (ids: readonly string[]) => ['rev-list', '--count', '--end-of-options', ...ids];
  let count = 0;
  const begin = () => takeLines((line) => void (count = Number(line)));
  await takeAbout(mirrorRepository, [commit], counting, begin);
  return count;
}

function betweenByGit(
  mirrorRepository: MirrorRepository,
  from: string,
  to: string,
  which: 'all' | 'mainline',
): Promise<CommitList> {
  const options = which === 'mainline' ? ['--first-parent'] : [];
  return logsOf(mirrorRepository, [from, to], (ids) => [...options, '--end-of-options', `${ids[0]}..${ids[1]}`]);
}

async function logsOf(
  mirrorRepository: MirrorRepository,
  commits: readonly string[],
  range: (ids: readonly string[]) => readonly string[],
): Promise<CommitList> {
  let logs = parseLogs();
  const begin = () => {
    logs = parseLogs();
    return logs.take;
  };
  await takeAbout(mirrorRepository, commits, (ids) => [...logCommand, ...range(ids)], begin);
  return logs.commits();
}

const differenceOptions = [
  '-r',
  '-z',
  '--name-only',
  '--no-renames',
  '--no-ext-diff',
  '--no-textconv',
  '--ignore-submodules=none',
];

/** Git holds a whole difference in memory before it prints any of it. So the files are counted first, which git prints one by one. */
async function requireCountable(
  mirrorRepository: MirrorRepository,
  commit: string,
  counted: Set<string>,
): Promise<void> {
  if (counted.has(commit)) return;
  const begin = () => new ListLimit(commit).take;
  await takeAbout(mirrorRepository, [commit], ([id = '']) => lsTree(id, everything), begin);
  counted.add(commit);
  const [oldest] = counted;
  if (counted.size > MAX_COUNTED_COMMITS && oldest !== undefined) counted.delete(oldest);
}

/** Remembers this many commits as counted. */
const MAX_COUNTED_COMMITS = 100;

async function changedPathsByGit(
  mirrorRepository: MirrorRepository,
  from: string,
  to: string,
): Promise<readonly string[]> {
  const difference = (ids: readonly string[]) => ['diff-tree', ...differenceOptions, '--end-of-options', ...ids];
  let paths = new NameList(`Between ${from} and ${to}`);
  const begin = () => {
    paths = new NameList(`Between ${from} and ${to}`);
    return paths.take;
  };
  await takeAbout(mirrorRepository, [from, to], difference, begin);
  return paths.names;
}
