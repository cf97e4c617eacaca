/**
 * How long it takes to know what a push to a very large repository changed, over HTTP from another process: Slipway's mirror beside plain
 * `git fetch` and `git diff --name-only` in a full bare mirror. BENCH_FILES and BENCH_COMMITS make the repository smaller for a trial.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGitHost } from '../src/git/host/host.js';
import { createDifferences } from '../src/decide/differences.js';
import { git, TestRepo } from '../test/support/git.js';
import { serveGit } from './support/git-host-process.js';
import { makeLargeRepository, type Size } from './support/large-repository.js';
import { inTurn, rounded, timed, type Figures } from './support/measure.js';
import { print, type Row } from './support/report.js';

const size: Size = {
  files: Number(process.env['BENCH_FILES'] ?? 100_000),
  commits: Number(process.env['BENCH_COMMITS'] ?? 20_000),
};
const name = 'abc/large';
const folder = await mkdtemp(join(tmpdir(), 'slipway-bench-mirror-'));
const root = join(folder, 'host');
const silent = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

/** A push of one commit that changes five files; gives the new tip. */
async function push(repository: TestRepo, run: number): Promise<string> {
  const paths = [0, 1, 2, 3, 4].map((at) => `group-${at}/service-${at * 100}/src/main/Pushed${at}.java`);
  return repository.commit({
    files: Object.fromEntries(paths.map((path) => [path, `class Pushed { int in = ${run}; }\n`])),
  });
}

/** What a look at a pushed branch asks of git, in the same order: the commit, the references, and what differs from the baseline. */
function openSlipway(url: string) {
  const host = createGitHost({
    cloneUrl: `${url}/{repository}.git`,
    token: null,
    dir: join(folder, 'mirrors'),
    env: process.env,
    clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
    log: silent,
  });
  const { remote, history } = host.mirror(name);
  return async (baseline: string, after: string): Promise<readonly string[]> => {
    const began = Date.now();
    await remote.fetch([after]);
    const { heads } = await remote.refs(Date.now() - began + 1);
    const head = heads.get('main') ?? '';
    await remote.fetch([head]);
    const differences = createDifferences(history);
    if (!(await differences.has(baseline))) throw new Error('the baseline is gone');
    return (await differences.between(baseline, head)).changed.paths;
  };
}

/** The same with git alone in a bare mirror of its own: all references and full history; with `blob:none`, as Slipway's mirrors are, no contents. */
async function openGit(url: string, kind: string, options: readonly string[]) {
  const mirror = join(folder, `${kind}.git`);
  await git(folder, ['clone', '--quiet', '--mirror', ...options, `${url}/${name}.git`, mirror]);
  return async (baseline: string): Promise<readonly string[]> => {
    await git(mirror, ['fetch', '--quiet']);
    const output = await git(mirror, ['diff', '--name-only', '-z', baseline, 'refs/heads/main']);
    return output.toString().split('\0').slice(0, -1);
  };
}

function check(changed: readonly string[]): void {
  if (changed.length !== 5) throw new Error(`expected the 5 pushed paths, got ${changed.length}`);
}

async function measure(url: string, repository: TestRepo) {
  const full = await openGit(url, 'full', []);
  const blobless = await openGit(url, 'blobless', ['--filter=blob:none']);
  const slipway = openSlipway(url);
  const first = (await repository.tip('main')) ?? '';
  await slipway(first, first);
  // A separate push precedes each way. So each fetches the same number of commits, and no commit that another way has just fetched.
  let pushed = 0;
  const afterPush = async (work: (baseline: string, after: string) => Promise<readonly string[]>) => {
    const baseline = (await repository.tip('main')) ?? '';
    const after = await push(repository, (pushed += 1));
    return timed(async () => check(await work(baseline, after)));
  };
  return inTurn({
    full: () => afterPush(full),
    blobless: () => afterPush(blobless),
    slipway: () => afterPush(slipway),
  });
}

try {
  const dir = join(root, `${name}.git`);
  await makeLargeRepository(dir, size);
  const host = await serveGit(root);
  try {
    const found = await measure(host.url, new TestRepo(dir, name));
    const pushed = `a push to ${size.files.toLocaleString('en')} files and ${size.commits.toLocaleString('en')} commits`;
    const beside = (peer: string, figures: Figures, limit?: number): Row => {
      const ratio = rounded(found.slipway.median / figures.median);
      const goal = limit !== undefined && {
        goal: `< 300 ms and ≤ ${limit} × git`,
        met: found.slipway.median < 300 && ratio <= limit,
      };
      return { name: pushed, unit: 'ms', slipway: found.slipway, peer: { name: peer, figures }, ratio, ...goal };
    };
    const rows = [
      beside('git fetch && git diff --name-only', found.full, 1.3),
      beside('the same in a mirror without contents', found.blobless),
    ];
    print({ bench: 'mirror', rows }, ['git']);
  } finally {
    await host.close();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
