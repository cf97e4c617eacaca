/** The git host's repositories: what people push, and what plain git says of them. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { dockerfile, firstFiles, plainFiles } from './world.mjs';

const run = promisify(execFile);
const zero = '0'.repeat(40);
const MAX_OUTPUT_BYTES = 64 * 2 ** 20;
/** Time of the first commit, in seconds since the epoch; each later one is a second younger. Ids follow from the seed. */
const FIRST_COMMIT_S = 1_700_000_000;

const environment = {
  ...process.env,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
};

/** What git prints, with its last line end cut off. */
export async function git(folder, args, more = {}) {
  const options = { cwd: folder, env: { ...environment, ...more }, maxBuffer: MAX_OUTPUT_BYTES };
  return (await run('git', args, options)).stdout.replace(/\n$/, '');
}

/** Runs `git fast-import`, which makes commits and moves a branch in one process. Resolves with what it printed. */
async function fastImport(bare, input) {
  const child = spawn('git', ['fast-import', '--quiet', '--force', '--cat-blob-fd=1'], { cwd: bare, env: environment });
  child.stdin.end(input);
  const [printed, complaint, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (code !== 0) throw new Error(`git fast-import: ${complaint}`);
  return printed.trim();
}

const data = (content) => `data ${Buffer.byteLength(content)}\n${content}\n`;

/** One change as fast-import reads it: `content`, or a kind of Dockerfile for a service; the kind null removes the file. */
function changeLine({ path, content, dockerfile: service, kind }, registryHost) {
  if (kind === null) return `D ${path}\n`;
  return `M 100644 inline ${path}\n${data(service === undefined ? content : dockerfile(service, kind, registryHost))}`;
}

async function createRepository({ hosted, registryHost, clock }, name) {
  const bare = join(hosted, `${name}.git`);
  mkdirSync(bare, { recursive: true });
  await git(bare, ['init', '--quiet', '--bare', '--initial-branch=main']);
  await git(bare, ['config', 'gc.auto', '0']);
  const heads = new Map();

  /** Makes commits on top of one (null: of none) and points the branch at the last. */
  async function commit(branch, from, commits) {
    const lines = commits.map(({ changes, skipCi }, at) => {
      const parent = at === 0 && from !== null ? `from ${from}\n` : '';
      const who = `committer Chaos <chaos@abc.example> ${(clock.at += 1)} +0000\n`;
      const message = data(skipCi ? 'Change [skip ci]' : 'Change');
      const changed = changes.map((change) => changeLine(change, registryHost)).join('');
      return `commit refs/heads/${branch}\nmark :${at + 1}\n${who}${message}${parent}${changed}\n`;
    });
    // Otherwise the first commit would go on from where the branch is.
    const start = from === null ? '' : `reset refs/heads/${branch}\nfrom ${from}\n\n`;
    return fastImport(bare, `${start}${lines.join('')}get-mark :${commits.length}\n`);
  }

  /** The first-parent ancestor `back` commits behind, or the oldest. */
  async function behind(tip, back) {
    if (back === 0) return tip;
    const line = (await git(bare, ['rev-list', '--first-parent', `--max-count=${back + 1}`, tip])).split('\n');
    return line.at(-1);
  }

  /** Moves a branch on the host; resolves with the push as a webhook says it, or null if there is nothing to delete. */
  async function push({ branch, shape, commits, back }) {
    const before = heads.get(branch) ?? null;
    if (shape === 'delete') {
      if (before === null) return null;
      await git(bare, ['update-ref', '-d', `refs/heads/${branch}`]);
      heads.delete(branch);
      return { repository: name, branch, before, after: zero };
    }
    const from = before ?? heads.get('main');
    const start = shape === 'commit' ? from : await behind(from, shape === 'amend' ? 1 : back);
    if (shape === 'back') await git(bare, ['update-ref', `refs/heads/${branch}`, start]);
    const after = shape === 'back' ? start : await commit(branch, start, commits);
    heads.set(branch, after);
    return { repository: name, branch, before: before ?? zero, after };
  }

  const changes = Object.entries(firstFiles(name, registryHost)).map(([path, content]) => ({ path, content }));
  heads.set('main', await commit('main', null, [{ changes, skipCi: false }]));
  return { name, bare, heads, push, behind };
}

/** All repositories of the run by name, each with its first commit on main. */
export async function createRepositories(place) {
  const clock = { at: FIRST_COMMIT_S };
  const made = [];
  for (const name of Object.keys(plainFiles)) made.push(await createRepository({ ...place, clock }, name));
  return Object.fromEntries(made.map((one) => [one.name, one]));
}

/** The files of a commit by path. */
export async function filesAt(bare, commit) {
  const { extract } = await import('tar-stream');
  const child = spawn('git', ['archive', '--format=tar', commit], { cwd: bare, env: environment });
  const files = new Map();
  const reader = child.stdout.pipe(extract());
  for await (const entry of reader) {
    const content = await text(entry);
    if (entry.header.type === 'file') files.set(entry.header.name, content);
  }
  return files;
}

/** The paths that differ between two commits, a rename as both of its paths. */
export async function changedPaths(bare, from, to) {
  return (await git(bare, ['diff', '--name-only', '--no-renames', '-z', from, to])).split('\0').filter(Boolean);
}
