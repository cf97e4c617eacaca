import { abortWith } from '../../clock.js';
import { pausedError, type HostPauses } from '../../host-pauses.js';
import { type CloneSource, hostOf, withoutSecrets } from './clone-url.js';
import { type Environment, localEnvironment, networkEnvironment } from './environment.js';
import { localError } from './faults.js';
import { type GitOutcome, type Reading, runGit } from './run-git.js';

export interface Timeouts {
  /** Milliseconds for a question to the host. */
  readonly ask: number;
  /** Milliseconds for a transfer, even if it makes progress. */
  readonly transfer: number;
  /** Milliseconds for a command that reads the mirror. */
  readonly local: number;
}

export interface CommandsOptions {
  readonly repository: string;
  /** The mirror's folder. */
  readonly folder: string;
  readonly configFile: string;
  readonly source: CloneSource;
  /** The same with what signs in now. Fails with `git-unavailable`. */
  readonly signedIn: () => Promise<CloneSource>;
  readonly env: Environment;
  readonly timeouts: Timeouts;
  /** Shared by all mirrors. */
  readonly pauses: HostPauses;
  readonly ending?: AbortSignal;
}

interface Running {
  readonly reading?: Reading | undefined;
  readonly stop?: AbortSignal | undefined;
  /** Whose secrets are kept out of messages. */
  readonly source?: CloneSource;
}

/** Runs git for one mirror, with the environment and timeout of each kind of command. Results may be failures; see `faultOf`. */
export class Commands {
  /** For commands that never ask a host. */
  readonly local: Readonly<Record<string, string>>;

  constructor(private readonly options: CommandsOptions) {
    this.local = localEnvironment(options.env, options.configFile, options.folder);
  }

  /** Creates an empty mirror in a folder. */
  async init(folder: string): Promise<void> {
    const args = ['init', '--quiet', '--bare', '--template=', '--initial-branch=main'];
    const made = await this.#run(args, { ...this.local, GIT_DIR: folder }, 'local');
    if (made.code !== 0) throw localError('Creating a mirror', made);
  }

  read(args: readonly string[], reading?: Reading): Promise<GitOutcome> {
    return this.#run(args, this.local, 'local', { reading });
  }

  /**
   * Runs a command that asks the host, for the mirror in that folder. `stop` ends it early. Fails with `git-unavailable` before a time that
   * the host named. Only the shortcut learns such times: git does not show the headers of an answer.
   */
  async ask(
    folder: string,
    args: readonly string[],
    kind: 'ask' | 'transfer',
    { reading, stop }: { readonly reading?: Reading; readonly stop?: AbortSignal } = {},
  ): Promise<GitOutcome> {
    const host = hostOf(this.options.source.url(this.options.repository));
    const until = host === null ? null : this.options.pauses.until(host);
    if (host !== null && until !== null) throw pausedError('git-unavailable', host, until);
    const source = await this.options.signedIn();
    const network = networkEnvironment(this.local, source, this.options.repository);
    return this.#run(args, { ...network, GIT_DIR: folder }, kind, { reading, stop, source });
  }

  /** Combines all packs into one. Unreachable objects are kept. */
  async repack(): Promise<void> {
    // Missing contents are normal in a partial clone, and the host's settings make the mirror one.
    const { source, repository } = this.options;
    const env = { ...networkEnvironment(this.local, source, repository), GIT_ALLOW_PROTOCOL: 'none' };
    const done = await this.#run(['repack', '-a', '-d', '-k', '-q'], env, 'transfer');
    if (done.code !== 0) throw localError('Combining packs', done);
  }

  async #run(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    kind: keyof Timeouts,
    { reading = {}, stop, source = this.options.source }: Running = {},
  ): Promise<GitOutcome> {
    const { timeouts, ending } = this.options;
    const stopped = new AbortController();
    const leave = [ending, stop].map((signal) => signal && abortWith(stopped, signal));
    const outcome = await runGit({ args, env, timeout: timeouts[kind], ...reading, signal: stopped.signal });
    for (const each of leave) each?.();
    return { ...outcome, complaint: withoutSecrets(outcome.complaint, source.secrets) };
  }
}
