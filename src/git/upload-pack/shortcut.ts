import type { HostPauses } from '../../host-pauses.js';
import { isPassingStatus } from '../../passing-status.js';
import { hostOf, type CloneSource } from '../process/clone-url.js';
import type { Timeouts } from '../process/commands.js';
import type { RemoteRefs } from '../contract.js';
import type { Environment } from '../process/environment.js';
import { takeIn, type TakeInDeps } from '../pack/take-in.js';
import { openUploadPack, type Fetch, type PackRequest, type UploadPack } from './upload-pack.js';

/** Milliseconds to leave a host to git after a bad answer. */
const PAUSE_MS = 30_000;
/** Milliseconds after which git takes over. Git is more patient and can tell a slow host from a dead one. */
const MAX_WAIT_MS = 15_000;
/** Objects in one request. */
const MAX_WANTS = 10_000;

/** Variables that git and curl obey and Node's fetch does not. If one is set, only git can reach the host. */
const gitAlone: Readonly<Record<string, readonly string[]>> = {
  http: ['http_proxy', 'all_proxy', 'ALL_PROXY'],
  https: ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'GIT_SSL_CAINFO', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
};

export interface ShortcutOptions extends TakeInDeps {
  /** False: it answers nothing, so that git is asked. */
  readonly enabled: boolean;
  readonly repository: string;
  readonly source: CloneSource;
  /** The same with what signs in now. Fails with `git-unavailable`. */
  readonly signedIn: () => Promise<CloneSource>;
  readonly env: Environment;
  readonly fetch: Fetch;
  /** Learns the times that the host names, and asks nothing before. */
  readonly pauses: HostPauses;
  /** The timeouts of git commands. */
  readonly timeouts: Timeouts;
  readonly ending?: AbortSignal;
  /** Fails with `low-disk` if nothing more may be fetched. */
  readonly requireRoom: () => Promise<void>;
}

/**
 * A fast way to the git host for the questions of every push: one round trip on an open connection. `git fetch` starts four programs and
 * makes three round trips on a new one. It is never the only way: null or false means that git has to be asked.
 */
export class Shortcut {
  #service: Promise<UploadPack | null> | null = null;
  /** What the service signs in with. */
  #authorization: string | null = null;
  #closedUntil = -Infinity;

  constructor(private readonly options: ShortcutOptions) {
    const { source, env, enabled } = options;
    const hindering = gitAlone[source.protocol];
    if (!enabled || hindering?.every((name) => (env[name] ?? '') === '') !== true) this.#closedUntil = Infinity;
  }

  /** The host's references now. */
  async refs(): Promise<RemoteRefs | null> {
    const refs = (await (await this.#open())?.refs()) ?? null;
    if (refs === null) this.#close();
    return refs;
  }

  /** Fetches objects into the mirror in one pack. False if not all arrived. */
  async bring(request: PackRequest): Promise<boolean> {
    const service = request.wants.length > MAX_WANTS ? null : await this.#open();
    if (service === null) return false;
    await this.options.requireRoom();
    const came = await service.pack(request, (pack) => takeIn(pack, this.options));
    if (!came) this.#close();
    return came;
  }

  async #open(): Promise<UploadPack | null> {
    const { source, repository, fetch, clock, pauses, ending } = this.options;
    const url = source.url(repository);
    const host = hostOf(url) ?? '';
    if (clock.now() < this.#closedUntil || pauses.until(host) !== null) return null;
    const timeout = Math.min(this.options.timeouts.ask, MAX_WAIT_MS);
    const { login } = await this.options.signedIn();
    const authorization = login?.header.replace(/^Authorization: /, '') ?? null;
    if (authorization !== this.#authorization) this.#service = null;
    this.#authorization = authorization;
    const onRefusal = (answer: Pick<Response, 'status' | 'headers'>) => {
      if (isPassingStatus(answer.status) || answer.status === 403) pauses.answered(host, answer);
    };
    this.#service ??= openUploadPack({ url, authorization, fetch, timeout, onRefusal, ending });
    const service = await this.#service;
    if (service === null) this.#close();
    return service;
  }

  #close(): void {
    this.#service = null;
    this.#closedUntil = Math.max(this.#closedUntil, this.options.clock.now() + PAUSE_MS);
  }
}
