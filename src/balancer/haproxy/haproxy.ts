import type { Clock } from '../../clock.js';
import type { Log } from '../../log.js';
import type { HaproxySettings } from '../../model/environment.js';
import type { InTurn } from '../../turns.js';
import { always, type BalancedHost, type Balancer, type Permit } from '../contract.js';
import { refused } from '../rules/faults.js';
import { requireAnother } from '../rules/last-usable.js';
import { fill } from '../rules/placeholders.js';
import { openAdminSocket, type AdminSocket } from './admin-socket.js';
import { agree } from './agree.js';
import type { ServerState } from './answers.js';
import { writeStateFile } from './state-file.js';

const ANSWER_TIMEOUT_MS = 5_000;

export interface HaproxyOptions {
  readonly settings: HaproxySettings;
  /** Folder for the sockets of tunnels. It is made for its owner alone. */
  readonly tunnels: string;
  /** A configuration file for ssh instead of the user's. */
  readonly sshConfig: string | null;
  /** Shared by all balancers: several may be the same HAProxy, or write the same file. */
  readonly inTurn: InTurn;
  readonly clock: Clock;
  readonly log: Log;
  /** Milliseconds for each answer. */
  readonly timeoutMs?: number;
}

/** HAProxy (2.4 and later), over its admin sockets. A change goes to all of them. See `Balancer`. */
export function createHaproxy(options: HaproxyOptions): Balancer {
  const { settings, timeoutMs = ANSWER_TIMEOUT_MS, ...rest } = options;
  const sockets = settings.sockets.map((address, at) =>
    openAdminSocket({ ...rest, address, name: `haproxy-${at}`, timeoutMs }),
  );
  return new Haproxy(options, sockets);
}

/** The servers of one backend at one socket, by host. */
interface Seen {
  readonly socket: AdminSocket;
  readonly servers: ReadonlyMap<string, ServerState>;
}

class Haproxy implements Balancer {
  constructor(
    private readonly options: HaproxyOptions,
    private readonly sockets: readonly AdminSocket[],
  ) {}

  async observe(service: string): Promise<ReadonlyMap<string, BalancedHost>> {
    return together(await this.#look(service));
  }

  enable(service: string, host: string, permit: Permit = always): Promise<readonly string[]> {
    return this.#change(service, host, async (server) => {
      // Before anything is changed: every HAProxy answers and knows the server.
      await this.#look(service);
      await this.#set(service, server, 'ready', permit);
      const { state } = together(await this.#look(service)).get(host) ?? {};
      if (state === 'drained')
        throw refused(
          this.#who(service),
          `the server ${server} stays in maintenance (\`track\`, or a name that is not resolved)`,
        );
    });
  }

  drain(service: string, host: string, permit: Permit = always): Promise<readonly string[]> {
    return this.#change(service, host, async (server) => {
      const hosts = together(await this.#look(service));
      if (hosts.get(host)?.state === 'drained') return;
      requireAnother(this.#who(service), hosts, host);
      await this.#set(service, server, 'drain', permit);
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.sockets.map((socket) => socket.close()));
  }

  #backend = (service: string): string => fill(this.options.settings.backend, { service });

  #who = (service: string): string => `HAProxy at ${this.#addresses()}, backend ${this.#backend(service)}`;

  #addresses = (): string => this.sockets.map(({ address }) => address).join(', ');

  #look(service: string): Promise<readonly Seen[]> {
    const backend = this.#backend(service);
    return Promise.all(
      this.sockets.map(async (socket) => {
        const all = await socket.servers(backend);
        const known = [...this.options.settings.servers].map(([host, template]) => {
          const name = fill(template, { service });
          const server = all.get(name);
          if (server === undefined)
            throw refused(`HAProxy at ${socket.address}, server ${name} of backend ${backend}`, 'No such server.');
          return [host, server] as const;
        });
        return { socket, servers: new Map(known) };
      }),
    );
  }

  async #change(service: string, host: string, work: (server: string) => Promise<void>): Promise<readonly string[]> {
    const template = this.options.settings.servers.get(host);
    if (template === undefined) throw refused(this.#who(service), `the host ${host} has no server`);
    const { inTurn } = this.options;
    await inTurn(this.#who(service), () => work(fill(template, { service })));
    return this.#persist();
  }

  /** One after the other: if one does not answer, the others still say which is which. */
  async #set(service: string, server: string, state: 'ready' | 'drain', permit: Permit): Promise<void> {
    for (const [at, socket] of this.sockets.entries())
      await socket.set(this.#backend(service), server, state, () => permit(at > 0));
  }

  /** The change has happened, so what goes wrong here is a warning. */
  async #persist(): Promise<readonly string[]> {
    const { settings, inTurn, log } = this.options;
    const { stateFile } = settings;
    const local = this.sockets.find(({ isLocal }) => isLocal);
    if (stateFile === null || local === undefined) return [];
    try {
      await inTurn(`state file ${stateFile}`, async () => writeStateFile(stateFile, await local.dump()));
      return [];
    } catch (err) {
      log.warn({ err, file: stateFile }, "could not write HAProxy's state file");
      const why = err instanceof Error ? err.message : String(err);
      return [`The state file ${stateFile} could not be written (${why}), so a reload of HAProxy undoes the change.`];
    }
  }
}

function together(seen: readonly Seen[]): ReadonlyMap<string, BalancedHost> {
  const hosts = [...(seen[0]?.servers.keys() ?? [])];
  return new Map(
    hosts.map((host) => {
      const views = seen.flatMap(({ socket: { address }, servers }) => {
        const server = servers.get(host);
        return server === undefined ? [] : [{ address, server }];
      });
      return [host, agree(views)];
    }),
  );
}
