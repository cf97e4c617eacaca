import type { Clock } from '../clock.js';
import { SlipwayError } from '../errors.js';
import type { Log } from '../log.js';
import type { CloneSource } from './clone-url.js';
import { Commands, type Timeouts } from './commands.js';
import { createConsolidation } from './consolidation.js';
import type { RemoteRefs } from './contract.js';
import type { Environment } from './environment.js';
import { faultOf, headline, localError, networkError } from './faults.js';
import { createFetchQueue, type FetchQueue } from './fetch-queue.js';
import { GitFetch, smallBlob } from './git-fetch.js';
import { ensureMirror, type MirrorPlaces, remakeMirror } from './mirror-folder.js';
import { isObjectId } from './object-id.js';
import type { Crowd } from './objects/crowd.js';
import { askingForNames, takeMissing } from './objects/missing.js';
import { mostAtOnce, Objects } from './objects/objects.js';
import { Parsed } from './objects/parsed.js';
import { ownRefs, ReferenceList, takeRefs } from './reference-lists.js';
import { References } from './references.js';
import { type GitOutcome, type Reading, startGit } from './run-git.js';
import { Tips } from './tips.js';
import { Shortcut } from './upload-pack/shortcut.js';
import type { Fetch } from './upload-pack/upload-pack.js';

export interface WorkshopDeps {
  readonly repository: string;
  readonly folder: string;
  readonly places: MirrorPlaces;
  readonly source: CloneSource;
  readonly env: Environment;
  readonly timeouts: Timeouts;
  readonly fetch: Fetch;
  /** Whether the short way to the host may be taken. */
  readonly shortcut: boolean;
  readonly crowd: Crowd;
  /** Number of packs from which on they are put together. */
  readonly packLimit: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Resolves when the configuration file of all git commands is in place. */
  readonly configured: () => Promise<void>;
  readonly ending?: AbortSignal;
}

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
  readonly #commands: Commands;
  readonly #queue: FetchQueue = createFetchQueue();
  readonly #commits = this.#queue.together((requests) => this.#bring(requests.flat()));
  readonly #contents = this.#queue.together((requests) => this.#bringContents(requests));
  readonly #objects: Objects;
  /** Commits and trees of the mirror, without a git process for each question. */
  readonly parsed = new Parsed(() => this.objects());
  /** Counts how often the mirror was made anew, so that many who find it damaged do it once. */
  #generation = 0;
  /** Whether this process has fetched every reference. */
  #followed = false;
  readonly #git: GitFetch;
  readonly #shortcut: Shortcut;
  readonly #consolidate: () => void;
  readonly #tips = new Tips((ids) => this.missing(ids));
  /** What the host showed last. */
  readonly references: References;

  constructor(deps: WorkshopDeps) {
    this.#deps = deps;
    this.#commands = new Commands({ ...deps, configFile: deps.places.configFile });
    const start = (args: readonly string[]) => startGit(args, this.localEnvironment);
    this.#objects = new Objects({ start, patience: deps.timeouts.local, crowd: deps.crowd });
    this.#git = this.#gitFetch(deps.folder);
    this.#shortcut = new Shortcut({ ...deps, enabled: deps.shortcut, start, learn: this.parsed.learn });
    this.references = new References({
      clock: deps.clock,
      host: () => this.#askHost(),
      own: (defaultBranch) => this.#ownReferences(defaultBranch),
    });
    this.#consolidate = createConsolidation({
      ...deps,
      putTogether: () => this.#putPacksTogether(),
      onFailure: (error) => deps.log.warn({ repository: deps.repository, err: error }, 'Packs were not put together'),
    });
  }

  get localEnvironment(): Readonly<Record<string, string>> {
    return this.#commands.local;
  }

  /** Sees to it that there is a mirror, an empty one if need be. */
  async open(): Promise<void> {
    await this.#deps.configured();
    await ensureMirror(this.#deps.places, this.#deps.folder, (folder) => this.#commands.init(folder));
  }

  /** The quick way to what is in the mirror; where it has no answer, `read` has. */
  async objects(): Promise<Objects> {
    await this.open();
    return this.#objects;
  }

  /** Runs a command that reads the mirror. The outcome may be a failure, but not one that comes from damage. */
  async read(args: readonly string[], reading?: Reading): Promise<GitOutcome> {
    const generation = this.#generation;
    const first = await this.#read(args, reading);
    if (faultOf(first)?.kind !== 'corrupt') return first;
    await this.repair(generation, headline(first.complaint));
    const second = await this.#read(args, reading);
    if (faultOf(second)?.kind === 'corrupt') throw localError(`Reading the mirror of ${this.#deps.repository}`, second);
    return second;
  }

  /** Which mirror this is; for `repair`. */
  get generation(): number {
    return this.#generation;
  }

  /** Makes the mirror anew, unless somebody has done so since `generation`. */
  repair(generation: number, damage: string): Promise<void> {
    return this.#queue.alone(async () => {
      if (generation === this.#generation) await this.#rebuild(damage);
    });
  }

  /** Why a content is not here: the host has it no longer, or the mirror was made anew since `generation`. */
  contentNotFound(generation: number, id: string): SlipwayError {
    return generation === this.#generation
      ? new SlipwayError('commit-not-found', `The host no longer has the file content ${id}`)
      : new SlipwayError('git-unavailable', 'The mirror was damaged and has been made anew');
  }

  /** Brings all references, and then what of `wanted` is still missing by its id. Nothing is asked where nothing is missing. */
  async fetchCommits(wanted: readonly string[]): Promise<void> {
    const possible = wanted.map((id) => id.toLowerCase()).filter(isObjectId);
    if ((await this.missing(possible)).length > 0) await this.#commits(possible);
  }

  /** Brings objects by id, all in one request. Objects that the host does not give stay missing. */
  async fetchObjects(ids: readonly string[]): Promise<void> {
    const missing = await this.missing(ids);
    if (missing.length > 0) await this.fetchMissing(missing);
  }

  /** The same for ids that were missing a moment ago: for many that takes git seconds to tell. */
  async fetchMissing(ids: readonly string[]): Promise<void> {
    await this.#contents(ids);
    this.#consolidate();
  }

  /** Those of the ids that are not in the mirror. */
  async missing(ids: readonly string[]): Promise<readonly string[]> {
    if (ids.length === 0) return [];
    const isAsked = ids.length <= mostAtOnce && ids.every(isObjectId);
    const headers = isAsked ? await (await this.objects()).headers(ids) : null;
    if (headers !== null) return ids.filter((_, at) => headers[at] === null);
    // Damage shows as "missing" here, and is repaired by whoever reads next.
    const missing: string[] = [];
    const checked = await this.#read(askingForNames, { input: ids, begin: () => takeMissing(ids, missing) });
    return checked.code === 0 ? missing : ids;
  }

  /** The queue's work. Runs alone. */
  async #bring(wanted: readonly string[]): Promise<void> {
    const missing = await this.missing(wanted);
    if (missing.length === 0) return;
    if (!(await this.#bringShortly(missing))) {
      await this.#fetchRefs(wanted);
      // One by one: the host refuses a request as a whole where it lacks one of the commits.
      for (const commit of await this.missing(wanted)) await this.#fetchByIds([commit], 'commits');
    }
    this.#consolidate();
  }

  /** The commits and, side by side, the references that the host has meanwhile: the mirror's own stay behind until the next whole fetch. */
  async #bringShortly(wants: readonly string[]): Promise<boolean> {
    const known = await this.references.latest();
    if (!this.#followed || known === null) return false;
    const request = { wants, haves: await this.#tips.here(known), largest: smallBlob };
    const began = this.#deps.clock.now();
    const [refs, came] = await Promise.all([this.#shortcut.refs(), this.#shortcut.bring(request)]);
    if (refs === null || !came || (await this.missing(wants)).length > 0) return false;
    this.#tips.brought(wants);
    this.references.saw(began, refs);
    return true;
  }

  /** The queue's work, too. The host refuses all where it lacks one; what others asked for is then asked for apart. */
  async #bringContents(requests: readonly (readonly string[])[]): Promise<void> {
    const missing = [...new Set(await this.missing(requests.flat()))];
    if (missing.length === 0 || (await this.#contentsShortly(missing))) return;
    const came = await this.#fetchByIds(missing, 'contents');
    if (!came && requests.length > 1) for (const ids of requests) await this.#bringContents([ids]);
  }

  async #contentsShortly(ids: readonly string[]): Promise<boolean> {
    if (!this.#followed || !(await this.#shortcut.bring({ wants: ids, haves: [], largest: 0 }))) return false;
    return (await this.missing(ids)).length === 0;
  }

  async #fetchRefs(wanted: readonly string[]): Promise<void> {
    const began = this.#deps.clock.now();
    // What a fetch brings now is what was pushed since.
    const fetched = await this.#git.everything(this.#followed ? 'small' : 'none');
    const fault = faultOf(fetched);
    if (fault === null) {
      this.#followed = true;
      this.references.followed(began);
      return;
    }
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

  /** False where the host refuses. */
  async #fetchByIds(ids: readonly string[], kind: 'commits' | 'contents', rebuilt = false): Promise<boolean> {
    const fetched = await this.#git.byIds(ids, kind);
    const fault = faultOf(fetched);
    if (fault === null || fault.kind === 'refused') return fault === null;
    if (fault.kind === 'corrupt' && !rebuilt) {
      await this.#rebuild(headline(fetched.complaint));
      return this.#fetchByIds(ids, kind, true);
    }
    throw networkError(`Fetching ${ids.length} objects of ${this.#deps.repository}`, fetched);
  }

  /** Runs alone. What the mirror had by its id only, or of contents, is not brought again. */
  async #rebuild(damage: string): Promise<void> {
    const { repository, log, places, folder } = this.#deps;
    log.warn({ repository }, `The mirror is damaged (${damage}) and is made anew`);
    this.#followed = false;
    const replaced = () => {
      this.#objects.close();
      this.parsed.forget();
      this.#tips.forget();
      this.references.forget();
      this.#generation += 1;
    };
    await remakeMirror(places, folder, (fresh) => this.#fill(fresh), replaced);
  }

  /** Makes a mirror of all references. */
  async #fill(folder: string): Promise<void> {
    await this.#commands.init(folder);
    const fetched = await this.#gitFetch(folder).everything('none');
    if (faultOf(fetched)?.kind === 'corrupt') throw localError(`Mirroring ${this.#deps.repository} anew`, fetched);
    if (faultOf(fetched) !== null) throw networkError(`Fetching ${this.#deps.repository}`, fetched);
  }

  /** `git-unavailable`, `git-unauthorized`. */
  async #askHost(): Promise<RemoteRefs> {
    const shortly = await this.#shortcut.refs();
    if (shortly !== null) return shortly;
    let list = new ReferenceList();
    const asked = await this.#git.references(() => takeRefs((list = new ReferenceList())));
    if (asked.code !== 0) throw networkError(`Asking for the references of ${this.#deps.repository}`, asked);
    return list;
  }

  /** Null also where the mirror is damaged: a turn of the queue may wait for this, and a repair would wait for that turn. */
  #ownReferences(defaultBranch: string): Promise<RemoteRefs | null> {
    return ownRefs((args, reading) => this.#read(args, reading), defaultBranch);
  }

  /** Unreachable objects are kept. */
  async #putPacksTogether(): Promise<void> {
    // After a restart git tells the host of the mirror's own references, and is sent all that came since they were last brought.
    await this.#queue.alone(() => this.#fetchRefs([]));
    await this.#commands.repack();
  }

  #gitFetch(folder: string): GitFetch {
    return new GitFetch({
      folder,
      clock: this.#deps.clock,
      run: async (args, kind, reading) => {
        await this.open();
        return this.#commands.ask(folder, args, kind, reading);
      },
    });
  }

  async #read(args: readonly string[], reading?: Reading): Promise<GitOutcome> {
    await this.open();
    return this.#commands.read(args, reading);
  }
}
