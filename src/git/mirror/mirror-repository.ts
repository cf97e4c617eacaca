import type { Clock } from '../../clock.js';
import { SlipwayError } from '../../errors.js';
import type { Log } from '../../log.js';
import { Commands, type CommandsOptions } from '../process/commands.js';
import { createConsolidation } from './consolidation.js';
import type { RemoteRefs } from '../contract.js';
import { isDamaged } from './damage.js';
import { faultOf, headline, networkError } from '../process/faults.js';
import { createFetchQueue, type FetchQueue } from './fetch-queue.js';
import { GitFetch, MAX_SMALL_BLOB_BYTES } from './git-fetch.js';
import { ensureMirror, type MirrorPlaces, remakeMirror } from './mirror-folder.js';
import { isObjectId } from '../objects/object-id.js';
import type { ProcessPool } from '../objects/process-pool.js';
import { askingForNames, takeMissing } from '../objects/missing.js';
import { MAX_QUESTIONS, Objects } from '../objects/objects.js';
import { Parsed } from '../objects/parsed.js';
import { ownRefs, ReferenceList, takeRefs } from '../references/reference-lists.js';
import { References } from '../references/references.js';
import { transfer } from '../process/transfer.js';
import { type GitOutcome, type Reading, startGit } from '../process/run-git.js';
import { Tips } from '../references/tips.js';
import { Rebuilds } from './rebuilds.js';
import { Shortcut } from '../upload-pack/shortcut.js';
import type { Fetch } from '../upload-pack/upload-pack.js';

export interface MirrorRepositoryDeps extends Omit<CommandsOptions, 'configFile'> {
  readonly places: MirrorPlaces;
  readonly fetch: Fetch;
  readonly shortcut: boolean;
  readonly processes: ProcessPool;
  /** Number of packs at which they are combined. */
  readonly packLimit: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Resolves when git's configuration file is in place. */
  readonly configured: () => Promise<void>;
  /** Fails with `low-disk` if nothing more may be fetched. */
  readonly requireRoom: () => Promise<void>;
}

/**
 * One mirror's folder and its git commands: local ones in parallel, fetches one after the other. A damaged mirror is rebuilt from the host,
 * once per operation. Nothing is ever pruned: a removed commit may be a baseline. The mirror may be deleted at any time, but commits that the
 * host no longer has are then gone (`baseline-unavailable`).
 */
export class MirrorRepository {
  readonly #deps: MirrorRepositoryDeps;
  readonly #commands: Commands;
  readonly #queue: FetchQueue = createFetchQueue();
  readonly #commits = this.#queue.together((requests) => this.#bring(requests.flat()));
  readonly #contents = this.#queue.together((requests) => this.#bringContents(requests));
  readonly #objects: Objects;
  /** Commits and trees of the mirror, without a git process for each question. */
  readonly parsed = new Parsed(() => this.objects());
  readonly rebuilds = new Rebuilds();
  /** True once this process has fetched every reference. */
  #followed = false;
  readonly #git: GitFetch;
  readonly #shortcut: Shortcut;
  readonly #consolidate: () => void;
  readonly #tips = new Tips((ids) => this.missing(ids));
  readonly references: References;

  constructor(deps: MirrorRepositoryDeps) {
    this.#deps = deps;
    this.#commands = new Commands({ ...deps, configFile: deps.places.configFile });
    const start = (args: readonly string[]) => startGit(args, this.localEnvironment);
    this.#objects = new Objects({ start, patience: deps.timeouts.local, processes: deps.processes });
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
      onFailure: (error) => deps.log.warn({ repository: deps.repository, err: error }, 'could not combine packs'),
    });
  }

  get localEnvironment(): Readonly<Record<string, string>> {
    return this.#commands.local;
  }

  /** Creates the mirror if there is none. */
  async open(): Promise<void> {
    await this.#deps.configured();
    await ensureMirror(this.#deps.places, this.#deps.folder, (folder) => this.#commands.init(folder));
  }

  /** The fast way to the mirror's objects. If it has no answer, use `read`. */
  async objects(): Promise<Objects> {
    await this.open();
    return this.#objects;
  }

  /** Runs a command that reads the mirror. Failures caused by damage are repaired. */
  async read(args: readonly string[], reading?: Reading): Promise<GitOutcome> {
    const generation = this.rebuilds.generation;
    const first = await this.#read(args, reading);
    if (faultOf(first)?.kind !== 'corrupt') return first;
    await this.repair(generation, headline(first.complaint));
    const second = await this.#read(args, reading);
    if (faultOf(second)?.kind !== 'corrupt') return second;
    const said = `${this.#deps.repository} cannot be read, in a new mirror neither: ${headline(second.complaint)}`;
    throw new SlipwayError('repository-unsupported', said);
  }

  /** Rebuilds the mirror unless that has happened since `generation` (of `rebuilds`). */
  repair(generation: number, damage: string): Promise<void> {
    return this.#queue.alone(async () => {
      if (generation === this.rebuilds.generation) await this.#rebuild(damage);
    });
  }

  /** Fetches all references, then missing commits of `wanted` by id. Does nothing if nothing is missing. */
  async fetchCommits(wanted: readonly string[]): Promise<void> {
    const possible = wanted.map((id) => id.toLowerCase()).filter(isObjectId);
    if ((await this.missing(possible)).length > 0) await this.#commits(possible);
  }

  /** Fetches objects by id in one request. Objects that the host refuses stay missing. */
  async fetchObjects(ids: readonly string[]): Promise<void> {
    const missing = await this.missing(ids);
    if (missing.length > 0) await this.fetchMissing(missing);
  }

  /** The same for ids that are known to be missing: finding that out takes git seconds for many ids. */
  async fetchMissing(ids: readonly string[]): Promise<void> {
    await this.#contents(ids);
    this.#consolidate();
  }

  /** The ids that are not in the mirror. */
  async missing(ids: readonly string[]): Promise<readonly string[]> {
    if (ids.length === 0) return [];
    const isAsked = ids.length <= MAX_QUESTIONS && ids.every(isObjectId);
    const headers = isAsked ? await (await this.objects()).headers(ids) : null;
    if (headers !== null) return ids.filter((_, at) => headers[at] === null);
    // Damage looks like "missing" here. The next read repairs it.
    const missing: string[] = [];
    const checked = await this.#read(askingForNames, { input: ids, begin: () => takeMissing(ids, missing) });
    return checked.code === 0 ? missing : ids;
  }

  /** Called by the queue. Runs alone. */
  async #bring(wanted: readonly string[]): Promise<void> {
    const missing = await this.missing(wanted);
    if (missing.length === 0) return;
    if (!(await this.#bringShortly(missing))) {
      await this.#fetchRefs(wanted);
      // One by one: the host refuses the whole request if it lacks one commit.
      for (const commit of await this.missing(wanted)) await this.#fetchByIds([commit], 'commits');
    }
    this.#consolidate();
  }

  /**
   * Fetches the commits and, in parallel, the host's current references. The mirror's own references stay behind until the next full fetch.
   */
  async #bringShortly(wants: readonly string[]): Promise<boolean> {
    const known = await this.references.latest();
    if (!this.#followed || known === null) return false;
    const request = { wants, haves: await this.#tips.here(known), maxBlobBytes: MAX_SMALL_BLOB_BYTES };
    const began = this.#deps.clock.now();
    const [refs, came] = await Promise.all([this.#shortcut.refs(), this.#shortcut.bring(request)]);
    if (refs === null || !came || (await this.missing(wants)).length > 0) return false;
    this.#tips.brought(wants);
    this.references.saw(began, refs);
    return true;
  }

  /**
   * Called by the queue. The host refuses a whole request if it lacks one object, so each caller's objects are then requested separately.
   */
  async #bringContents(requests: readonly (readonly string[])[]): Promise<void> {
    const missing = [...new Set(await this.missing(requests.flat()))];
    if (missing.length === 0 || (await this.#contentsShortly(missing))) return;
    const came = await this.#fetchByIds(missing, 'contents');
    if (!came && requests.length > 1) for (const ids of requests) await this.#bringContents([ids]);
  }

  async #contentsShortly(ids: readonly string[]): Promise<boolean> {
    if (!this.#followed || !(await this.#shortcut.bring({ wants: ids, haves: [], maxBlobBytes: 0 }))) return false;
    return (await this.missing(ids)).length === 0;
  }

  async #fetchRefs(wanted: readonly string[]): Promise<void> {
    const began = this.#deps.clock.now();
    // After the first fetch, new objects are recent pushes.
    const fetched = await this.#git.everything(this.#followed ? 'small' : 'none');
    const fault = faultOf(fetched);
    if (fault === null) {
      this.#followed = true;
      this.references.followed(began);
      return;
    }
    if (await this.#isDamaged(fetched)) return this.#rebuild(headline(fetched.complaint));
    if (fault.kind === 'unsupported') throw networkError(`Fetching ${this.#deps.repository}`, fetched);
    // Commits arrive before references move. A reference that could not be moved may matter to nobody.
    if (wanted.length > 0 && (await this.missing(wanted)).length === 0) {
      this.#deps.log.warn(
        { repository: this.#deps.repository },
        `not every reference was updated: ${headline(fetched.complaint)}`,
      );
      return;
    }
    throw networkError(`Fetching ${this.#deps.repository}`, fetched);
  }

  /** False if the host refuses. */
  async #fetchByIds(ids: readonly string[], kind: 'commits' | 'contents', rebuilt = false): Promise<boolean> {
    const fetched = await this.#git.byIds(ids, kind);
    const fault = faultOf(fetched);
    if (fault === null || fault.kind === 'refused') return fault === null;
    if (!rebuilt && (await this.#isDamaged(fetched))) {
      await this.#rebuild(headline(fetched.complaint));
      return this.#fetchByIds(ids, kind, true);
    }
    throw networkError(`Fetching ${ids.length} objects of ${this.#deps.repository}`, fetched);
  }

  #isDamaged(fetched: GitOutcome): Promise<boolean> {
    return isDamaged(fetched, this.#deps.folder, (args) => this.#read(args));
  }

  /** Runs alone. Objects that were fetched by id, and contents, are not fetched again. */
  #rebuild(damage: string): Promise<void> {
    return this.rebuilds.run(() => this.#makeAnew(damage));
  }

  async #makeAnew(damage: string): Promise<void> {
    const { repository, log, places, folder } = this.#deps;
    log.warn({ repository }, `mirror is damaged (${damage}) and will be rebuilt`);
    this.#followed = false;
    const replaced = () => {
      this.#objects.close();
      this.parsed.forget();
      this.#tips.forget();
      this.references.forget();
      this.rebuilds.replaced();
    };
    await remakeMirror(places, folder, (fresh) => this.#fill(fresh), replaced);
  }

  /** Fetches all references into a new mirror. */
  async #fill(folder: string): Promise<void> {
    await this.#commands.init(folder);
    const fetched = await this.#gitFetch(folder).everything('none');
    if (faultOf(fetched) !== null) throw networkError(`Fetching ${this.#deps.repository}`, fetched);
  }

  /** Fails with `git-unavailable` or `git-unauthorized`. */
  async #askHost(): Promise<RemoteRefs> {
    const shortly = await this.#shortcut.refs();
    if (shortly !== null) return shortly;
    let list = new ReferenceList();
    const asked = await this.#git.references(() => takeRefs((list = new ReferenceList())));
    if (asked.code !== 0) throw networkError(`Asking for the references of ${this.#deps.repository}`, asked);
    return list;
  }

  /** Null for a damaged mirror too. Repairing it here could deadlock: a turn of the queue may wait for this. */
  #ownReferences(defaultBranch: string): Promise<RemoteRefs | null> {
    return ownRefs((args, reading) => this.#read(args, reading), defaultBranch);
  }

  /** Unreachable objects are kept. */
  async #putPacksTogether(): Promise<void> {
    // After a restart git announces the mirror's own references and gets everything newer.
    await this.#queue.alone(() => this.#fetchRefs([]));
    await this.#commands.repack();
  }

  #gitFetch(folder: string): GitFetch {
    return new GitFetch({
      folder,
      clock: this.#deps.clock,
      run: async (args, kind, reading) => {
        await this.open();
        const ask = (stop?: AbortSignal) => this.#commands.ask(folder, args, kind, { reading, stop });
        return kind === 'ask' ? ask() : transfer(folder, this.#deps, ask);
      },
    });
  }

  async #read(args: readonly string[], reading?: Reading): Promise<GitOutcome> {
    await this.open();
    return this.#commands.read(args, reading);
  }
}
