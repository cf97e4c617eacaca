import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.js';
import { SlipwayError } from '../errors.js';
import type { Log } from '../log.js';
import { type CloneSource, withoutSecrets } from './clone-url.js';
import { type Environment, localEnvironment, networkEnvironment } from './environment.js';
import { faultOf, headline, localError, networkError } from './faults.js';
import { createFetchQueue, type FetchQueue } from './fetch-queue.js';
import { clearLock, discardMirror, ensureMirror, type MirrorPlaces } from './mirror-folder.js';
import { Objects } from './objects.js';
import { type GitOutcome, runGit, startGit } from './run-git.js';

export interface Timeouts {
  /** Milliseconds for a question to the host. */
  readonly ask: number;
  /** Milliseconds for a transfer, however lively. */
  readonly transfer: number;
  /** Milliseconds for a command that reads the mirror. */
  readonly local: number;
}

export interface WorkshopDeps {
  readonly repository: string;
  readonly folder: string;
  readonly places: MirrorPlaces;
  readonly source: CloneSource;
  readonly env: Environment;
  readonly timeouts: Timeouts;
  /** Number of packs from which on they are put together. */
  readonly packLimit: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Resolves when the configuration file of all git commands is in place. */
  readonly configured: () => Promise<void>;
  readonly ending?: AbortSignal;
}

const everyRef = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
const fetchOptions = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--recurse-submodules=no'];
const withoutBlobs = '--filter=blob:none';
/** What a push changed is wanted soon, and coming along spares a request: all but what is large. */
const withSmallBlobs = '--filter=blob:limit=64k';
/**
 * Objects that are wanted for themselves are asked for without saying what is there already, as git's own lazy fetches are: a host that
 * answers from bitmaps takes the blobs of every commit that we claim to have for ours (git-config(1), fetch.negotiationAlgorithm).
 */
const saysNothing = ['-c', 'fetch.negotiationAlgorithm=noop'];
/** Lock files and moved references that are put up with in one operation. */
const patience = 5;

export const isObjectId = (text: string): boolean => /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(text);

/**
 * One mirror's folder and the git commands that run in it: local ones side by side, fetches one after the other. A mirror that
 * turns out to be damaged is made anew from the host, once per operation.
 *
 * Nothing is ever pruned: a commit that was force-pushed away stays, because it may be the baseline of a branch. The mirror thus
 * grows with all that was ever pushed: commits and trees, and those blobs that builds read or pushes brought along. It may be deleted at any time; what the
 * host no longer has is then gone (`baseline-unavailable`).
 */
export class Workshop {
  readonly #deps: WorkshopDeps;
  readonly #local: Record<string, string>;
  readonly #network: Record<string, string>;
  readonly #queue: FetchQueue;
  readonly #objects: Objects;
  /** Counts how often the mirror was made anew, so that many who find it damaged do it once. */
  #generation = 0;
  #consolidating = false;
  /** When the last fetch of every reference began that left none behind; null before this process' first. */
  #followedAt: number | null = null;

  constructor(deps: WorkshopDeps) {
    this.#deps = deps;
    this.#local = localEnvironment(deps.env, deps.places.configFile, deps.folder);
    this.#network = networkEnvironment(this.#local, deps.source, deps.repository);
    this.#queue = createFetchQueue((wanted) => this.#bring(wanted));
    const start = (args: readonly string[]) => startGit(args, this.#local);
    this.#objects = new Objects({ start, patience: deps.timeouts.local });
  }

  get localEnvironment(): Readonly<Record<string, string>> {
    return this.#local;
  }

  /** Sees to it that there is a mirror, an empty one if need be. */
  async open(): Promise<void> {
    await this.#deps.configured();
    await ensureMirror(this.#deps.places, this.#deps.folder, async (folder) => {
      const args = ['init', '--quiet', '--bare', '--template=', '--initial-branch=main'];
      const made = await this.#run(args, { ...this.#local, GIT_DIR: folder }, this.#deps.timeouts.local);
      if (made.code !== 0) throw localError('Making a mirror', made);
    });
  }

  /** The quick way to what is in the mirror; where it has no answer, `read` has. */
  async objects(): Promise<Objects> {
    await this.open();
    return this.#objects;
  }

  /** Runs a command that reads the mirror. The outcome may be a failure, but not one that comes from damage. */
  async read(args: readonly string[], input?: string): Promise<GitOutcome> {
    const generation = this.#generation;
    const first = await this.#read(args, input);
    if (faultOf(first)?.kind !== 'corrupt') return first;
    await this.repair(generation, headline(first.complaint));
    const second = await this.#read(args, input);
    if (faultOf(second)?.kind === 'corrupt') throw localError(`Reading the mirror of ${this.#deps.repository}`, second);
    return second;
  }

  /** Which mirror this is; for `repair`. */
  get generation(): number {
    return this.#generation;
  }

  /** The moment whose references the mirror has at least; null where it may lack some. */
  get followedAt(): number | null {
    return this.#followedAt;
  }

  /** Makes the mirror anew, unless somebody has done so since `generation`. */
  repair(generation: number, damage: string): Promise<void> {
    return this.#queue.alone(async () => {
      if (generation === this.#generation) await this.#rebuild(damage);
    });
  }

  /** Asks the host a question. `git-unavailable`, `git-unauthorized`. */
  async ask(doing: string, args: readonly string[]): Promise<Buffer> {
    await this.open();
    const asked = await this.#run(args, this.#network, this.#deps.timeouts.ask);
    if (asked.code !== 0) throw networkError(`${doing} of ${this.#deps.repository}`, asked);
    return asked.stdout;
  }

  /** Brings all references, and then what of `wanted` is still missing by its id. Nothing is asked where nothing is missing. */
  async fetchCommits(wanted: readonly string[]): Promise<void> {
    const possible = wanted.map((id) => id.toLowerCase()).filter(isObjectId);
    if ((await this.missing(possible)).length > 0) await this.#queue.together(possible);
  }

  /** Brings objects by id, all in one request. Objects that the host does not give stay missing. */
  async fetchObjects(ids: readonly string[]): Promise<void> {
    if ((await this.missing(ids)).length === 0) return;
    await this.#queue.alone(async () => {
      const missing = await this.missing(ids);
      if (missing.length > 0) await this.#fetchByIds(missing, saysNothing);
    });
    this.#consolidate();
  }

  /** Those of the ids that are not in the mirror. */
  async missing(ids: readonly string[]): Promise<readonly string[]> {
    if (ids.length === 0) return [];
    const headers = ids.every(isObjectId) ? await (await this.objects()).headers(ids) : null;
    if (headers !== null) return ids.filter((_, at) => headers[at] === null);
    // Damage shows as "missing" here, and is repaired by whoever reads next.
    const checked = await this.#read(['cat-file', '--batch-check=%(objectname)', '--buffer'], `${ids.join('\n')}\n`);
    if (checked.code !== 0) return ids;
    const absent = new Set(
      checked.stdout
        .toString('latin1')
        .split('\n')
        .filter((line) => line.endsWith(' missing')),
    );
    return ids.filter((id) => absent.has(`${id} missing`));
  }

  /** The queue's work. Runs alone. */
  async #bring(wanted: readonly string[]): Promise<void> {
    if ((await this.missing(wanted)).length === 0) return;
    await this.#fetchRefs(wanted);
    // One by one: the host refuses a request as a whole where it lacks one of the commits.
    for (const commit of await this.missing(wanted)) await this.#fetchByIds([commit], []);
    this.#consolidate();
  }

  async #fetchRefs(wanted: readonly string[]): Promise<void> {
    // What a fetch brings now is what was pushed since.
    const filter = this.#followedAt === null ? withoutBlobs : withSmallBlobs;
    const began = this.#deps.clock.now();
    const fetched = await this.#fetch([filter, '--prune', 'origin', ...everyRef]);
    const fault = faultOf(fetched);
    this.#followedAt = fault === null ? began : null;
    if (fault === null) return;
    if (fault.kind === 'corrupt') return this.#rebuild(headline(fetched.complaint));
    // The commits arrive before the references move; that a reference could not be moved need not matter to anybody.
    if (wanted.length > 0 && (await this.missing(wanted)).length === 0) {
      this.#deps.log.warn(
        { repository: this.#deps.repository },
        `Not every reference was updated: ${headline(fetched.complaint)}`,
      );
      return;
    }
    throw networkError(`Fetching ${this.#deps.repository}`, fetched);
  }

  async #fetchByIds(ids: readonly string[], settings: readonly string[], rebuilt = false): Promise<void> {
    const fetched = await this.#fetch([withoutBlobs, '--stdin', 'origin'], `${ids.join('\n')}\n`, settings);
    const fault = faultOf(fetched);
    if (fault === null || fault.kind === 'refused') return;
    if (fault.kind === 'corrupt' && !rebuilt) {
      await this.#rebuild(headline(fetched.complaint));
      return this.#fetchByIds(ids, settings, true);
    }
    throw networkError(`Fetching ${ids.length} objects of ${this.#deps.repository}`, fetched);
  }

  /** One fetch. Lock files of dead processes are cleared out of the way, and other processes' updates waited for. */
  async #fetch(args: readonly string[], input?: string, settings: readonly string[] = []): Promise<GitOutcome> {
    for (let attempt = 1; ; attempt += 1) {
      await this.open();
      const all = [...settings, ...fetchOptions, ...args];
      const fetched = await this.#run(all, this.#network, this.#deps.timeouts.transfer, input);
      const fault = faultOf(fetched);
      if ((fault?.kind !== 'locked' && fault?.kind !== 'raced') || attempt >= patience) return fetched;
      if (fault.lock?.startsWith(this.#deps.folder)) await clearLock(this.#deps.folder, fault.lock, this.#deps.clock);
    }
  }

  /** Runs alone. */
  async #rebuild(damage: string): Promise<void> {
    const { repository, log, places, folder } = this.#deps;
    log.warn({ repository }, `The mirror is damaged (${damage}) and is made anew`);
    this.#objects.close();
    this.#followedAt = null;
    await discardMirror(places, folder);
    this.#generation += 1;
    const fetched = await this.#fetch([withoutBlobs, '--prune', 'origin', ...everyRef]);
    if (faultOf(fetched)?.kind === 'corrupt') {
      throw new SlipwayError(
        'internal',
        `The mirror of ${repository} is damaged, also after it was made anew: ${headline(fetched.complaint)}`,
      );
    }
    if (faultOf(fetched) !== null) throw networkError(`Fetching ${repository}`, fetched);
  }

  /**
   * Every fetch adds a pack, and git slows down with their number. Beside the queue, because git's own locking makes it safe to fetch
   * and read meanwhile; unreachable objects are kept.
   */
  #consolidate(): void {
    if (this.#consolidating) return;
    this.#consolidating = true;
    void this.#putPacksTogether()
      .catch((error: unknown) =>
        this.#deps.log.warn({ repository: this.#deps.repository, err: error }, 'Packs were not put together'),
      )
      .finally(() => {
        this.#consolidating = false;
      });
  }

  async #putPacksTogether(): Promise<void> {
    const names = await readdir(join(this.#deps.folder, 'objects', 'pack'));
    if (names.filter((name) => name.endsWith('.pack')).length < this.#deps.packLimit) return;
    const env = { ...this.#network, GIT_ALLOW_PROTOCOL: 'none' };
    const done = await this.#run(['repack', '-a', '-d', '-k', '-q'], env, this.#deps.timeouts.transfer);
    if (done.code !== 0) throw localError('Putting packs together', done);
  }

  async #read(args: readonly string[], input?: string): Promise<GitOutcome> {
    await this.open();
    return this.#run(args, this.#local, this.#deps.timeouts.local, input);
  }

  async #run(
    args: readonly string[],
    env: Record<string, string>,
    timeout: number,
    input?: string,
  ): Promise<GitOutcome> {
    const outcome = await runGit({ args, env, timeout, input, signal: this.#deps.ending });
    return { ...outcome, complaint: withoutSecrets(outcome.complaint, this.#deps.source.secrets) };
  }
}
