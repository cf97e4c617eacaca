import { join } from 'node:path';
import type { Clock } from '../../clock.js';
import type { Log } from '../../log.js';
import type { ClientCertificates, Environment, HostSettings } from '../../model/environment.js';
import type { Host, Hosts } from '../contract.js';
import { createHost, type HostOptions } from '../docker/host.js';

export interface HostsDeps {
  readonly environments: () => ReadonlyMap<string, Environment>;
  /** Folder for sockets of tunnels. Each environment has one below it. */
  readonly tunnels: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Opens a host without connecting. */
  readonly open?: (options: HostOptions) => Host;
}

interface Opened {
  readonly settings: HostSettings;
  readonly host: Host;
}

/** See `Hosts`. */
export function createHosts(deps: HostsDeps): Hosts {
  return new OpenHosts(deps);
}

class OpenHosts implements Hosts {
  readonly #opened = new Map<string, Opened>();
  /** A host is opened after the one before it is closed: both may have the same socket. */
  readonly #closing = new Map<string, Promise<void>>();
  #over = false;

  constructor(private readonly deps: HostsDeps) {}

  async find(environment: string, name: string): Promise<Host | null> {
    const key = keyOf(environment, name);
    for (;;) {
      const settings = this.#settings(environment, name);
      const known = this.#opened.get(key);
      if (known !== undefined && (settings === null || !leadsToTheSame(known.settings, settings))) this.#close(key);
      const closing = this.#closing.get(key);
      if (closing !== undefined) await closing;
      else return settings === null ? null : (known?.host ?? this.#open(environment, settings));
    }
  }

  async closeGone(): Promise<void> {
    for (const key of this.#opened.keys()) {
      const [environment = '', name = ''] = key.split('/');
      if (this.#settings(environment, name) === null) this.#close(key);
    }
    await Promise.all(this.#closing.values());
  }

  async close(): Promise<void> {
    this.#over = true;
    await this.closeGone();
  }

  #settings(environment: string, name: string): HostSettings | null {
    return this.#over ? null : (this.deps.environments().get(environment)?.hosts.get(name) ?? null);
  }

  #open(environment: string, settings: HostSettings): Host {
    const { tunnels, clock, log, open = createHost } = this.deps;
    const { name, engine, tls } = settings;
    const host = open({ name, engine, tls, tunnels: join(tunnels, environment), sshConfig: null, clock, log });
    this.#opened.set(keyOf(environment, name), { settings, host });
    return host;
  }

  #close(key: string): void {
    const { log } = this.deps;
    const known = this.#opened.get(key);
    if (known === undefined) return;
    this.#opened.delete(key);
    const closed = known.host
      .close()
      .catch((err: unknown) => log.warn({ err, host: key }, 'could not close the way to a host'))
      .finally(() => this.#closing.delete(key));
    this.#closing.set(key, closed);
  }
}

/** Names have no slash. */
const keyOf = (environment: string, name: string): string => `${environment}/${name}`;

const leadsToTheSame = (one: HostSettings, other: HostSettings): boolean =>
  one.engine === other.engine && areEqual(one.tls, other.tls);

function areEqual(one: ClientCertificates | null, other: ClientCertificates | null): boolean {
  const texts = (tls: ClientCertificates | null) => [tls === null, tls?.ca, tls?.cert, tls?.key?.reveal()];
  const others = texts(other);
  return texts(one).every((text, at) => text === others[at]);
}
