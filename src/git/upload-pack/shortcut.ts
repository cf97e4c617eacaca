import type { Clock } from '../../clock.js';
import type { CloneSource } from '../clone-url.js';
import type { Timeouts } from '../commands.js';
import type { RemoteRefs } from '../contract.js';
import type { Environment } from '../environment.js';
import { takeIn, type TakeInDeps } from '../pack/take-in.js';
import { openUploadPack, type Fetch, type PackRequest, type UploadPack } from './upload-pack.js';

/** Milliseconds for which a host that did not answer as it should is left to git. */
const pause = 30_000;
/** Milliseconds at most after which git takes over: it has more patience, and knows a slow host from a dead one. */
const longest = 15_000;
/** Objects that one request asks for. */
const mostWants = 10_000;

/** Variables that git and curl heed and Node's fetch does not: where one is set, only git finds its way to the host. */
const gitAlone: Readonly<Record<string, readonly string[]>> = {
  http: ['http_proxy', 'all_proxy', 'ALL_PROXY'],
  https: ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'GIT_SSL_CAINFO', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
};

export interface ShortcutOptions extends TakeInDeps {
  /** False: it answers nothing, so that git is asked. */
  readonly enabled: boolean;
  readonly repository: string;
  readonly source: CloneSource;
  readonly env: Environment;
  readonly fetch: Fetch;
  /** Of what is asked by git. */
  readonly timeouts: Timeouts;
  readonly ending?: AbortSignal;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * A short way to the git host for what is asked at every push: one round trip on a kept connection, where `git fetch` starts four programs
 * and makes three round trips on a new one. It is never the only way: null or false says that git is to be asked instead.
 */
export class Shortcut {
  #service: Promise<UploadPack | null> | null = null;
  #closedUntil = -Infinity;

  constructor(private readonly options: ShortcutOptions) {
    const { source, env, enabled } = options;
    const hindering = gitAlone[source.protocol];
    if (!enabled || hindering?.every((name) => (env[name] ?? '') === '') !== true) this.#closedUntil = Infinity;
  }

  /** The references as the host has them now. */
  async refs(): Promise<RemoteRefs | null> {
    const refs = (await (await this.#open())?.refs()) ?? null;
    if (refs === null) this.#close();
    return refs;
  }

  /** Brings objects into the mirror in one pack; false where not all came. */
  async bring(request: PackRequest): Promise<boolean> {
    const service = request.wants.length > mostWants ? null : await this.#open();
    if (service === null) return false;
    const came = await service.pack(request, (pack) => takeIn(pack, this.options));
    if (!came) this.#close();
    return came;
  }

  async #open(): Promise<UploadPack | null> {
    const { source, repository, fetch, clock, ending } = this.options;
    if (clock.now() < this.#closedUntil) return null;
    const timeout = Math.min(this.options.timeouts.ask, longest);
    const authorization = source.login?.header.replace(/^Authorization: /, '') ?? null;
    this.#service ??= openUploadPack({ url: source.url(repository), authorization, fetch, timeout, ending });
    const service = await this.#service;
    if (service === null) this.#close();
    return service;
  }

  #close(): void {
    this.#service = null;
    this.#closedUntil = Math.max(this.#closedUntil, this.options.clock.now() + pause);
  }
}
