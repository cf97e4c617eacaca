import type { Clock } from '../../clock.js';
import { faultOf } from '../process/faults.js';
import { clearLock } from './mirror-folder.js';
import { askingTheHost } from '../references/reference-lists.js';
import type { GitOutcome, Reading } from '../process/run-git.js';

/** A fetch brings along contents up to this many bytes: they are probably needed soon, and it saves a request. */
export const MAX_SMALL_BLOB_BYTES = 64 * 1024;

const everyRef = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
const options = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--recurse-submodules=no'];
const filters = { none: '--filter=blob:none', small: `--filter=blob:limit=${MAX_SMALL_BLOB_BYTES}` } as const;
/**
 * Objects that are asked for by id are requested without saying what is already here, as in git's own lazy fetches. Otherwise a host that
 * answers from bitmaps assumes that we have the blobs of every commit we name (git-config(1), fetch.negotiationAlgorithm).
 */
const sayingNothing = ['-c', 'fetch.negotiationAlgorithm=noop'];
/** Lock files and moved references tolerated in one operation. */
const MAX_RETRIES = 5;

export interface GitFetchDeps {
  /** The mirror's folder. It exists when git runs. */
  readonly folder: string;
  readonly clock: Clock;
  /** Runs git with the host's address and credentials. */
  readonly run: (args: readonly string[], kind: 'ask' | 'transfer', reading?: Reading) => Promise<GitOutcome>;
}

/** Talks to the git host through `git`, for one mirror. Results may be failures; see `faultOf`. */
export class GitFetch {
  constructor(private readonly deps: GitFetchDeps) {}

  /** Fetches every reference with its commits and trees, and new contents as `contents` says. */
  everything(contents: keyof typeof filters): Promise<GitOutcome> {
    return this.#fetch([filters[contents], '--prune', 'origin', ...everyRef]);
  }

  /** Fetches objects by id in one request. A commit brings everything it reaches that is not here. */
  byIds(ids: readonly string[], kind: 'commits' | 'contents'): Promise<GitOutcome> {
    const settings = kind === 'contents' ? sayingNothing : [];
    return this.#fetch([filters.none, '--stdin', 'origin'], ids, settings);
  }

  /** Reads the host's references. */
  references(begin: Reading['begin']): Promise<GitOutcome> {
    return this.deps.run(askingTheHost, 'ask', { begin });
  }

  /** Removes lock files of dead processes and waits for updates of other processes. */
  async #fetch(
    args: readonly string[],
    input?: readonly string[],
    settings: readonly string[] = [],
  ): Promise<GitOutcome> {
    const { folder, clock, run } = this.deps;
    for (let attempt = 1; ; attempt += 1) {
      const fetched = await run([...settings, ...options, ...args], 'transfer', { input });
      const fault = faultOf(fetched);
      if ((fault?.kind !== 'locked' && fault?.kind !== 'raced') || attempt >= MAX_RETRIES) return fetched;
      if (fault.lock?.startsWith(folder)) await clearLock(folder, fault.lock, clock);
    }
  }
}
