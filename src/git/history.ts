import { SlipwayError } from '../errors.js';
import type { CommitInfo, History } from './contract.js';
import { localError } from './faults.js';
import { inByteOrder, splitNames } from './names.js';
import { QuickHistory } from './quick-history.js';
import type { TakeOutput } from './rows.js';
import { isObjectId } from './object-id.js';
import type { Workshop } from './workshop.js';

/** Four NUL-terminated fields a commit. A message cannot hold a NUL; git converts it to UTF-8 from what the commit says. */
const logFormat = '--format=tformat:%H%x00%h%x00%ct%x00%B';
const logOptions = [
  'log',
  '-z',
  '--abbrev=7',
  '--no-color',
  '--no-mailmap',
  '--no-decorate',
  '--no-show-signature',
  '--encoding=UTF-8',
  logFormat,
];

function parseLog(output: Buffer): CommitInfo[] {
  const fields = output.toString('utf8').split('\0');
  const commits: CommitInfo[] = [];
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [sha = '', short = '', time = '', message = ''] = fields.slice(at, at + 4);
    commits.push({ sha, short, time: Number(time), message });
  }
  return commits;
}

/** Those of the ids that are commits in the mirror. */
async function commitsAmong(workshop: Workshop, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const headers = await (await workshop.objects()).headers(ids);
  if (headers !== null) return ids.filter((_, at) => headers[at]?.type === 'commit');
  const checked = await workshop.read(['cat-file', '--batch-check=%(objecttype) %(objectname)', '--buffer'], {
    input: ids,
  });
  const lines = new Set(checked.stdout.toString('latin1').split('\n'));
  return ids.filter((id) => lines.has(`commit ${id}`));
}

/** Full ids of commits, checked to be nothing but ids: they become arguments of git. */
function asIds(commits: readonly string[]): string[] {
  return commits.map((commit) => {
    const id = commit.toLowerCase();
    if (!isObjectId(id)) throw new SlipwayError('commit-not-found', `${JSON.stringify(commit)} is no commit id`);
    return id;
  });
}

/**
 * What a command about commits prints. `commit-not-found` where it fails and one of the commits is not in the mirror: asked
 * afterwards, so that the usual case costs one process.
 */
export async function aboutCommits(
  workshop: Workshop,
  commits: readonly string[],
  args: (ids: readonly string[]) => string[],
) {
  const ids = asIds(commits);
  const command = args(ids);
  const objects = await workshop.objects();
  return objects.remember(command.join('\0'), () => ask(workshop, ids, command));
}

/** The same for a large output: it is taken as it comes, and not remembered. */
export async function takeAboutCommit(
  workshop: Workshop,
  commit: string,
  args: (id: string) => string[],
  begin: () => TakeOutput,
) {
  const [id = ''] = asIds([commit]);
  await ask(workshop, [id], args(id), begin);
}

async function ask(workshop: Workshop, ids: readonly string[], command: readonly string[], begin?: () => TakeOutput) {
  const done = await workshop.read(command, { begin });
  if (done.code === 0) return done.stdout;
  const there = await commitsAmong(workshop, ids);
  const lost = ids.find((id) => !there.includes(id));
  if (lost !== undefined) throw new SlipwayError('commit-not-found', `Commit ${lost} is not in the repository`);
  throw localError(`git ${command[0]}`, done);
}

export function createHistory(workshop: Workshop): History {
  const has = async (commit: string): Promise<boolean> => {
    const id = commit.toLowerCase();
    return isObjectId(id) && (await commitsAmong(workshop, [id])).length === 1;
  };
  const quick = new QuickHistory(workshop);
  return {
    has,

    async resolve(abbreviated) {
      const prefix = abbreviated.toLowerCase();
      if (!/^[0-9a-f]{4,64}$/.test(prefix)) return null;
      if (isObjectId(prefix)) return (await has(prefix)) ? prefix : null;
      // Never by rev-parse's own rules: a branch may be called like an abbreviated id.
      const found = await workshop.read(['rev-parse', `--disambiguate=${prefix}`]);
      const commits = await commitsAmong(workshop, found.stdout.toString('latin1').split('\n').filter(isObjectId));
      return commits.length === 1 ? (commits[0] ?? null) : null;
    },

    async info(commit) {
      return (await quick.info(commit.toLowerCase())) ?? infoByGit(workshop, commit);
    },

    async count(commit) {
      const id = commit.toLowerCase();
      return (await quick.count(id)) ?? quick.counted(id, await countByGit(workshop, commit));
    },

    async between(from, to, which = 'all') {
      return (await quick.between(from.toLowerCase(), to.toLowerCase())) ?? betweenByGit(workshop, from, to, which);
    },

    async changedPaths(from, to) {
      const known = await quick.difference(from.toLowerCase(), to.toLowerCase());
      return known === null ? changedPathsByGit(workshop, from, to) : inByteOrder(known.paths);
    },
  };
}

async function infoByGit(workshop: Workshop, commit: string): Promise<CommitInfo> {
  const one = (ids: readonly string[]) => [...logOptions, '--no-walk', '--end-of-options', ...ids];
  const [info] = parseLog(await aboutCommits(workshop, [commit], one));
  if (info === undefined) throw new SlipwayError('internal', `git log says nothing of ${commit}`);
  return info;
}

async function countByGit(workshop: Workshop, commit: string): Promise<number> {
  const counting = (ids: readonly string[]) => ['rev-list', '--count', '--end-of-options', ...ids];
  return Number((await aboutCommits(workshop, [commit], counting)).toString('latin1'));
}

async function betweenByGit(workshop: Workshop, from: string, to: string, which: 'all' | 'mainline') {
  const options = which === 'mainline' ? [...logOptions, '--first-parent'] : logOptions;
  const range = (ids: readonly string[]) => [...options, '--end-of-options', `${ids[0]}..${ids[1]}`];
  return parseLog(await aboutCommits(workshop, [from, to], range));
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

async function changedPathsByGit(workshop: Workshop, from: string, to: string): Promise<readonly string[]> {
  const difference = (ids: readonly string[]) => ['diff-tree', ...differenceOptions, '--end-of-options', ...ids];
  return splitNames(await aboutCommits(workshop, [from, to], difference));
}
