import { setMaxListeners } from 'node:events';
import type { Clock } from '../../clock.js';
import { asSlipwayError, SlipwayError } from '../../errors.js';
import { createHostPauses } from '../../host-pauses.js';
import type { Log } from '../../log.js';
import { memoUnlessFailed } from '../../memo.js';
import type { Secret } from '../../secret.js';
import { cloneSource, type CloneSource } from '../process/clone-url.js';
import type { Timeouts } from '../process/commands.js';
import type { GitHost, Mirror } from '../contract.js';
import type { Environment } from '../process/environment.js';
import { createHistory } from '../history/history.js';
import { mirrorFolder, mirrorPlaces, removeLeftovers, writeGitConfig } from '../mirror/mirror-folder.js';
import { ProcessPool } from '../objects/process-pool.js';
import { createRemote } from './remote.js';
import { createTree } from '../tree/tree.js';
import type { Fetch } from '../upload-pack/upload-pack.js';
import { MirrorRepository } from '../mirror/mirror-repository.js';

export interface GitHostOptions {
  /** Contains `{repository}`. Any address that git understands. */
  readonly cloneUrl: string;
  /** Credentials for HTTP. Null: as in the address, or none. */
  readonly token: Secret | null;
  /** Makes tokens that last a while, if there is no other. May fail. */
  readonly tokenFor?: ((repository: string) => Promise<Secret>) | undefined;
  /** Absolute folder of the mirrors. Several processes may share it. */
  readonly dir: string;
  /** The server's environment. Git sees a few of its variables (PATH, HOME, proxies, certificates, the ssh agent). */
  readonly env: Environment;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeouts?: Partial<Timeouts>;
  readonly fetch?: Fetch;
  /** False: the host is asked by the git program alone. */
  readonly shortcut?: boolean;
  /** Packs of a mirror from which on they are put together; 100 by default. */
  readonly packLimit?: number;
  /** Fails with `low-disk` if nothing more may be fetched. Default: anything may. */
  readonly requireRoom?: () => Promise<void>;
  /** Aborts when the server stops waiting. Running git commands are then stopped. */
  readonly ending?: AbortSignal;
}

const usualTimeouts: Timeouts = { ask: 60_000, transfer: 30 * 60_000, local: 10 * 60_000 };

/** A token that cannot be had may be had later, as an answer of the host. */
async function signedInAt(
  repository: string,
  source: CloneSource,
  { cloneUrl, token, tokenFor }: GitHostOptions,
): Promise<CloneSource> {
  if (token !== null || tokenFor === undefined) return source;
  try {
    return cloneSource(cloneUrl, await tokenFor(repository));
  } catch (thrown) {
    const { message, retryAt } = asSlipwayError(thrown);
    throw new SlipwayError('git-unavailable', `No token for ${repository}: ${message}`, { cause: thrown, retryAt });
  }
}

/** Open git processes. A mirror in use has two. */
const MAX_PROCESSES = 64;

/** The git host through the `git` program (2.30 or later) and bare partial mirrors. `mirror` fails with `unsafe-path` for an odd name. */
export function createGitHost(options: GitHostOptions): GitHost {
  // Every git command and every request listens to it.
  if (options.ending !== undefined) setMaxListeners(0, options.ending);
  const places = mirrorPlaces(options.dir);
  const source = cloneSource(options.cloneUrl, options.token);
  const configured = memoUnlessFailed(() => writeGitConfig(places));
  const mirrors = new Map<string, Mirror>();
  const processes = new ProcessPool(MAX_PROCESSES);
  const pauses = createHostPauses(options.clock);

  function createMirror(repository: string): Mirror {
    const mirrorRepository = new MirrorRepository({
      repository,
      folder: mirrorFolder(places, repository),
      places,
      source,
      signedIn: () => signedInAt(repository, source, options),
      env: options.env,
      timeouts: { ...usualTimeouts, ...options.timeouts },
      packLimit: options.packLimit ?? 100,
      fetch: options.fetch ?? fetch,
      shortcut: options.shortcut ?? true,
      processes,
      pauses,
      clock: options.clock,
      log: options.log,
      configured,
      requireRoom: options.requireRoom ?? (async () => undefined),
      ending: options.ending,
    });
    return {
      remote: createRemote(mirrorRepository),
      history: createHistory(mirrorRepository),
      tree: createTree(mirrorRepository),
    };
  }

  return {
    mirror(repository) {
      const known = mirrors.get(repository) ?? createMirror(repository);
      mirrors.set(repository, known);
      return known;
    },
    async prepare() {
      await configured();
      await removeLeftovers(places, options.clock);
    },
  };
}
