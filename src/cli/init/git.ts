import { execFile } from 'node:child_process';
import { Ended, exitCodes, usage } from '../remote/exit.js';

/** A file of the index. */
export interface IndexFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly blob: string;
  readonly isLink: boolean;
}

/** A checked-out repository, as its index has it. */
export interface Checkout {
  /** As it was named. */
  readonly folder: string;
  readonly root: string;
  /** The folder below the root that was named, with a slash at its end; '' is the root. */
  readonly prefix: string;
  /** Address of the remote `origin`, or null. */
  readonly origin: string | null;
  /** The default branch of the remote, else the branch that is checked out. Null: neither is known. */
  readonly branch: string | null;
  /** False: the branch is only the one that is checked out. */
  readonly isDefaultBranch: boolean;
  /** In the order of the index, without submodules. */
  readonly files: readonly IndexFile[];
  /** The text of a file. Null if it is larger than `limit` bytes. */
  read(file: IndexFile, limit: number): Promise<string | null>;
}

type Env = Readonly<Record<string, string | undefined>>;

const PATIENCE_MS = 60_000;
/** About half a million paths. */
const MAX_INDEX_BYTES = 64 * 1024 * 1024;
const MAX_LINE_BYTES = 64 * 1024;

/** Neither hooks nor monitors of the repository run. */
const quiet = ['--no-optional-locks', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

/**
 * Opens the repository that a folder is in. Only git's index counts, since only what is committed can be built.
 * @throws Ended with exit code 2 if the folder is in no checked-out repository, 1 if git fails otherwise.
 */
export async function openCheckout(folder: string, env: Env): Promise<Checkout> {
  const git = gitIn(folder, env);
  const place = await git(['rev-parse', '--show-toplevel', '--show-prefix'], MAX_LINE_BYTES);
  if ('fault' in place) throw usage(`${folder} is no checked-out git repository: ${place.fault}.`);
  // A folder may have line feeds in its name: the prefix is what follows the last but one.
  const [prefix = '', ...above] = place.text.replace(/\n$/, '').split('\n').reverse();
  const root = above.reverse().join('\n');
  const inRoot = gitIn(root, env);
  const line = async (args: readonly string[]): Promise<string | null> => {
    const said = await inRoot(args, MAX_LINE_BYTES);
    return 'fault' in said ? null : said.text.trim() || null;
  };
  const remote = await line(['symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD']);
  const listed = await inRoot(['ls-files', '--stage', '-z'], MAX_INDEX_BYTES);
  if ('fault' in listed) throw new Ended(exitCodes.failed, `The files of ${folder} cannot be listed: ${listed.fault}.`);
  return {
    folder,
    root,
    prefix,
    origin: await line(['remote', 'get-url', 'origin']),
    branch: remote?.replace(/^origin\//, '') ?? (await line(['symbolic-ref', '--quiet', '--short', 'HEAD'])),
    isDefaultBranch: remote !== null,
    files: filesOf(listed.text),
    async read({ path, blob }, limit) {
      const said = await inRoot(['cat-file', 'blob', blob], limit);
      if (!('fault' in said)) return said.text;
      if (said.isTooMuch) return null;
      throw new Ended(exitCodes.failed, `${path} cannot be read: ${said.fault}.`);
    },
  };
}

/** `MODE BLOB STAGE<tab>PATH`, each ended by NUL. Files in conflict have several stages. */
function filesOf(listed: string): readonly IndexFile[] {
  const files = new Map<string, IndexFile>();
  for (const row of listed.split('\0')) {
    const [, mode, blob = '', path = ''] = /^(\d{6}) ([0-9a-f]+) \d\t(.*)$/s.exec(row) ?? [];
    if (mode !== undefined && mode !== '160000') files.set(path, { path, blob, isLink: mode === '120000' });
  }
  return [...files.values()];
}

type Said = { readonly text: string } | { readonly fault: string; readonly isTooMuch: boolean };
type Git = (args: readonly string[], limit: number) => Promise<Said>;

const gitIn =
  (folder: string, env: Env): Git =>
  (args, limit) =>
    new Promise((resolve) => {
      const options = { env: withoutGit(env), maxBuffer: limit, timeout: PATIENCE_MS, encoding: 'utf8' } as const;
      execFile('git', [...quiet, '-C', folder, ...args], options, (error, stdout, stderr) => {
        resolve(error === null ? { text: stdout } : { fault: faultOf(error, stderr), isTooMuch: isTooMuch(error) });
      });
    });

/** What a hook or a shell has set would name another repository. */
const withoutGit = (env: Env): Record<string, string | undefined> => ({
  ...Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('GIT_'))),
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_LAZY_FETCH: '1',
});

const isTooMuch = ({ code }: { readonly code?: unknown }): boolean => code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER';

function faultOf(error: Error & { readonly killed?: boolean; readonly code?: unknown }, stderr: string): string {
  if (isTooMuch(error)) return 'git prints too much';
  if (error.code === 'ENOENT') return 'the program git is missing';
  if (error.killed === true) return `git takes longer than ${PATIENCE_MS / 1000} seconds`;
  const [first = ''] = stderr.trim().split('\n');
  return first.replace(/^(?:fatal|error): /, '').replace(/\.$/, '') || 'git failed';
}
