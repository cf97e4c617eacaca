/** Real git repositories for tests, written with git's plumbing: no work tree, fixed author and clock, a few processes per commit. */
import { spawn } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type GitServer, startGitServer } from '../../scripts/git-server.mjs';

export type { GitServer } from '../../scripts/git-server.mjs';

/** Content of a file; with `mode` an executable (`100755`) or a link (`120000`, the content is its target); a submodule by commit; null removes the path. */
export type FileChange =
  | string
  | Buffer
  | { readonly mode: '100644' | '100755' | '120000'; readonly content: string | Buffer }
  | { readonly submodule: string }
  | null;

export interface CommitRequest {
  /** Changes to the parent's tree by path; a folder's path with null removes the folder. */
  readonly files: Readonly<Record<string, FileChange>>;
  readonly message?: string;
  /** Branch that is moved to the new commit; `main` by default, null moves none. */
  readonly branch?: string | null;
  /** Parents; by default the tip of the branch, none where the branch does not exist. */
  readonly parents?: readonly string[];
  /** Committer time, seconds since the epoch; by default a second later than the commit before. */
  readonly time?: number;
}

const firstSecond = 1_700_000_000;

const environment = (extra: Record<string, string> = {}): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  LC_ALL: 'C',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  // For each object fast-import compresses, glibc would give memory back and ask for it again: 5000 files took 1.6 s instead of 0.06 (mallopt(3)).
  MALLOC_TRIM_THRESHOLD_: String(16 * 1024 * 1024),
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
  ...extra,
});

interface GitRun {
  readonly code: number | null;
  readonly output: Buffer;
  readonly complaint: string;
}

interface GitCommand {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

function spawned({ args, cwd, env }: GitCommand, input: string | Buffer): Promise<GitRun> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...args], { cwd, env });
    const [output, complaint]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => complaint.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code, output: Buffer.concat(output), complaint: Buffer.concat(complaint).toString() }),
    );
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** A connection that is kept may be closed by the other side just as it is used again. */
const agent = new Agent({ keepAlive: false });

/** By the process of set-up/git-process.mjs. */
function bySmallProcess(socketPath: string, command: GitCommand, input: string | Buffer): Promise<GitRun> {
  return new Promise((resolve, reject) => {
    const asked = request({ agent, socketPath, method: 'POST' }, (answer) => {
      const output: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => output.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const end = Buffer.from(String(answer.headers['git-end']), 'base64').toString();
        resolve({ ...(JSON.parse(end) as Omit<GitRun, 'output'>), output: Buffer.concat(output) });
      });
    });
    asked.on('error', reject);
    asked.write(`${JSON.stringify(command)}\n`);
    asked.end(input);
  });
}

/** Runs git and resolves with what it printed; rejects with its complaint. */
export async function git(
  cwd: string,
  args: readonly string[],
  options: { input?: string | Buffer; env?: Record<string, string> } = {},
): Promise<Buffer> {
  const command = { args, cwd, env: environment(options.env) };
  const input = options.input ?? '';
  const small = process.env.TEST_GIT_SOCKET;
  const { code, output, complaint } = await (small === undefined
    ? spawned(command, input)
    : bySmallProcess(small, command, input));
  if (code !== 0) throw new Error(`git ${args[0]} ended with ${code}: ${complaint}`);
  return output;
}

const line = (output: Buffer): string => output.toString().trim();

interface Change {
  readonly mode: string;
  readonly content: Buffer;
}

function asChange(change: Exclude<FileChange, null | { readonly submodule: string }>): Change {
  if (typeof change === 'string' || Buffer.isBuffer(change)) return { mode: '100644', content: Buffer.from(change) };
  return { mode: change.mode, content: Buffer.from(change.content) };
}

/** A path as `git fast-import` reads it, quoted like a C string. */
const quotePath = (path: string): string =>
  `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

function fileCommand([path, change]: [string, FileChange]): Buffer[] {
  if (change === null) return [Buffer.from(`D ${quotePath(path)}\n`)];
  if (typeof change === 'object' && 'submodule' in change)
    return [Buffer.from(`M 160000 ${change.submodule} ${quotePath(path)}\n`)];
  const { mode, content } = asChange(change);
  return [Buffer.from(`M ${mode} inline ${quotePath(path)}\ndata ${content.length}\n`), content, Buffer.from('\n')];
}

/** One bare repository on the test's git host. Every method works on the host's side at once, as a finished push would. */
export class TestRepo {
  #time = firstSecond;

  constructor(
    /** Folder of the bare repository. */
    readonly dir: string,
    /** `owner/name`. */
    readonly name: string,
  ) {}

  /** Makes a commit and moves the branch to it (also where that is a forced push); returns the new commit's id. */
  async commit(request: CommitRequest): Promise<string> {
    const branch = request.branch === undefined ? 'main' : request.branch;
    const tip = branch === null ? null : await this.tip(branch);
    const parents = request.parents ?? (tip === null ? [] : [tip]);
    this.#time = request.time ?? this.#time + 1;
    const message = Buffer.from(request.message ?? 'Change files');
    // Of no branch yet: the commit needs a name while it is made.
    const passing = `refs/building/${process.pid}-${this.#time}-${Math.random().toString(36).slice(2)}`;
    const ref = branch === null ? passing : `refs/heads/${branch}`;
    const [first, ...merged] = parents;
    const input = Buffer.concat([
      Buffer.from(
        `${first === undefined ? `reset ${ref}\n` : ''}commit ${ref}\nmark :1\ncommitter Ada <ada@example.com> ${this.#time} +0000\ndata ${message.length}\n`,
      ),
      message,
      Buffer.from(
        `\n${first === undefined ? '' : `from ${first}\n`}${merged.map((parent) => `merge ${parent}\n`).join('')}`,
      ),
      ...Object.entries(request.files).flatMap(fileCommand),
      Buffer.from('\nget-mark :1\n'),
    ]);
    const sha = line(await git(this.dir, ['fast-import', '--quiet', '--force', '--cat-blob-fd=1'], { input }));
    if (branch === null) await git(this.dir, ['update-ref', '-d', passing]);
    return sha;
  }

  /** Points a branch at a commit: creates, moves or forces it. */
  async branch(name: string, sha: string): Promise<void> {
    await git(this.dir, ['update-ref', `refs/heads/${name}`, sha]);
  }

  /** Same as `branch`; says in a test that history is lost. */
  async forcePush(name: string, sha: string): Promise<void> {
    await this.branch(name, sha);
  }

  async deleteBranch(name: string): Promise<void> {
    await git(this.dir, ['update-ref', '-d', `refs/heads/${name}`]);
  }

  /** Creates or moves a tag; with a message it is an annotated one. */
  async tag(name: string, sha: string, message?: string): Promise<void> {
    if (message === undefined) return void (await git(this.dir, ['update-ref', `refs/tags/${name}`, sha]));
    const input = `object ${sha}\ntype commit\ntag ${name}\ntagger Ada <ada@example.com> ${firstSecond} +0000\n\n${message}\n`;
    const object = line(await git(this.dir, ['mktag'], { input }));
    await git(this.dir, ['update-ref', `refs/tags/${name}`, object]);
  }

  async deleteTag(name: string): Promise<void> {
    await git(this.dir, ['update-ref', '-d', `refs/tags/${name}`]);
  }

  /** The default branch, as `HEAD` of the host names it. */
  async setDefaultBranch(name: string): Promise<void> {
    await git(this.dir, ['symbolic-ref', 'HEAD', `refs/heads/${name}`]);
  }

  /** Tip of a branch; null if there is none. */
  async tip(branch: string): Promise<string | null> {
    const loose = await readFile(join(this.dir, 'refs/heads', branch), 'latin1').catch(() => '');
    if (/^[0-9a-f]{40}\n$/.test(loose)) return loose.trim();
    const found = line(
      await git(this.dir, ['for-each-ref', '--format=%(refname) %(objectname)', `refs/heads/${branch}`]),
    );
    const exact = found.split('\n').find((row) => row.startsWith(`refs/heads/${branch} `));
    return exact?.slice(exact.lastIndexOf(' ') + 1) ?? null;
  }

  /** Deletes what no ref reaches, as a host does some time after a forced push. */
  async forgetUnreachable(): Promise<void> {
    await git(this.dir, ['-c', 'gc.pruneExpire=now', 'gc', '--quiet', '--prune=now']);
  }

  /** Deletes a branch and all that only it reaches; what was reached can be brought back, not the branch. */
  async takeAway(branch: string): Promise<{ bringBack: () => Promise<void> }> {
    const bundle = join(this.dir, 'taken.bundle');
    await this.git('bundle', 'create', '--quiet', bundle, branch);
    await this.deleteBranch(branch);
    await this.forgetUnreachable();
    return { bringBack: async () => void (await this.git('bundle', 'unbundle', bundle)) };
  }

  /** Any git command in the repository; resolves with what it printed, trimmed. */
  async git(...args: string[]): Promise<string> {
    return line(await git(this.dir, args));
  }
}

const repositoryConfig =
  '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n[uploadpack]\n\tallowFilter = true\n';

/** Makes (or opens) the bare repository `owner/name` below the server's root. */
export async function createRepo(server: { readonly root: string }, name: string): Promise<TestRepo> {
  const dir = join(server.root, `${name}.git`);
  const exists = await access(join(dir, 'HEAD')).then(
    () => true,
    () => false,
  );
  if (!exists) {
    // What `git init --bare` makes (gitrepository-layout(5)).
    for (const folder of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags']) {
      await mkdir(join(dir, folder), { recursive: true });
    }
    await writeFile(join(dir, 'config'), repositoryConfig);
    await writeFile(join(dir, 'HEAD'), 'ref: refs/heads/main\n');
  }
  return new TestRepo(dir, name);
}

/** A git host on a free port with a temporary folder of its own, for one test file. */
export interface TestGitHost {
  readonly server: GitServer;
  /** With `{repository}` in it, as the configuration's `github.cloneUrl`. */
  readonly cloneUrl: string;
  repo(name: string): Promise<TestRepo>;
  close(): Promise<void>;
}

export async function startTestGitHost(login: { username?: string; password?: string } = {}): Promise<TestGitHost> {
  const root = await mkdtemp(join(tmpdir(), 'slipway-git-host-'));
  const small = process.env.TEST_GIT_SERVER;
  const behind = small === undefined ? undefined : `${small}/${relative(tmpdir(), root)}`;
  const server = await startGitServer({ root, ...login, ...(behind === undefined ? {} : { behind }) });
  return {
    server,
    cloneUrl: `${server.url}/{repository}.git`,
    repo: (name) => createRepo(server, name),
    async close() {
      await server.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
