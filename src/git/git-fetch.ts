import type { Clock } from '../clock.js';
import { faultOf } from './faults.js';
import { clearLock } from './mirror-folder.js';
import { askingTheHost } from './reference-lists.js';
import type { GitOutcome, Reading } from './run-git.js';

/** What a push changed is wanted soon, and coming along spares a request: all but what is larger than so many bytes. */
export const smallBlob = 64 * 1024;

const everyRef = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
const options = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--recurse-submodules=no'];
const filters = { none: '--filter=blob:none', small: `--filter=blob:limit=${smallBlob}` } as const;
/**
 * Objects that are wanted for themselves are asked for without saying what is there already, as git's own lazy fetches are: a host that
 * answers from bitmaps takes the blobs of every commit that we claim to have for ours (git-config(1), fetch.negotiationAlgorithm).
 */
const sayingNothing = ['-c', 'fetch.negotiationAlgorithm=noop'];
/** Lock files and moved references that are put up with in one operation. */
const patience = 5;

export interface GitFetchDeps {
  /** Of the mirror, which is there when git runs. */
  readonly folder: string;
  readonly clock: Clock;
  /** Runs git with the host's address and credentials. */
  readonly run: (args: readonly string[], kind: 'ask' | 'transfer', reading?: Reading) => Promise<GitOutcome>;
}

/** The git host through `git` itself, for the mirror in one folder. The outcome may be a failure; see `faultOf`. */
export class GitFetch {
  constructor(private readonly deps: GitFetchDeps) {}

  /** Every reference with the commits and trees behind it, and which contents that come new. */
  everything(contents: keyof typeof filters): Promise<GitOutcome> {
    return this.#fetch([filters[contents], '--prune', 'origin', ...everyRef]);
  }

  /** Objects by id in one request; a commit with what it reaches and is not here. */
  byIds(ids: readonly string[], kind: 'commits' | 'contents'): Promise<GitOutcome> {
    const settings = kind === 'contents' ? sayingNothing : [];
    return this.#fetch([filters.none, '--stdin', 'origin'], ids, settings);
  }

  /** The host's references, as `begin` takes them. */
  references(begin: Reading['begin']): Promise<GitOutcome> {
    return this.deps.run(askingTheHost, 'ask', { begin });
  }

  /** Lock files of dead processes are cleared out of the way, and other processes' updates waited for. */
  async #fetch(
    args: readonly string[],
    input?: readonly string[],
    settings: readonly string[] = [],
  ): Promise<GitOutcome> {
    const { folder, clock, run } = this.deps;
    for (let attempt = 1; ; attempt += 1) {
      const fetched = await run([...settings, ...options, ...args], 'transfer', { input });
      const fault = faultOf(fetched);
      if ((fault?.kind !== 'locked' && fault?.kind !== 'raced') || attempt >= patience) return fetched;
      if (fault.lock?.startsWith(folder)) await clearLock(folder, fault.lock, clock);
    }
  }
}
