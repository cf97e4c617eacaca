import type { Clock } from '../../clock.js';
import { asSlipwayError } from '../../errors.js';
import type { Log } from '../../log.js';
import { parseSshAddress } from '../../tunnel/ssh-address.js';
import { createTunnel } from '../../tunnel/ssh-tunnel.js';
import { always, type Permit } from '../contract.js';
import { refused, unavailable } from '../rules/faults.js';
import { breakOf, readChange, readServers, readStateTable, type Answer, type ServerState } from './answers.js';
import { exchange } from './exchange.js';

export interface SocketOptions {
  /** A path, or `ssh://[user@]host[:port]/path`. */
  readonly address: string;
  /** Folder for the socket of a tunnel. */
  readonly tunnels: string;
  /** For names of files there. */
  readonly name: string;
  /** A configuration file for ssh instead of the user's. */
  readonly sshConfig: string | null;
  /** Milliseconds for one answer. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** One HAProxy. Fails as `Balancer`. */
export interface AdminSocket {
  /** True if it is a socket of this machine. */
  readonly isLocal: boolean;
  readonly address: string;
  /** The servers of a backend by name. */
  servers(backend: string): Promise<ReadonlyMap<string, ServerState>>;
  /** `ready`: it gets requests. `drain`: it gets no new ones. It is changed only after the permit. */
  set(backend: string, server: string, state: 'ready' | 'drain', permit: Permit): Promise<void>;
  /** The states of all servers, as HAProxy reads them from a file when it starts. */
  dump(): Promise<string>;
  close(): Promise<void>;
}

export function openAdminSocket(options: SocketOptions): AdminSocket {
  const { address, timeoutMs } = options;
  const way = wayTo(options);
  const nameOf = (what: string): string => `HAProxy at ${address}${what}`;
  const ask = async (line: string, permit: Permit = always): Promise<string> => {
    // A tunnel may take its time.
    const path = await way.path();
    await permit();
    return exchange(path, line, timeoutMs, nameOf(''));
  };
  const valueOf = <T>(answer: Answer<T>, what: string): T => {
    if (answer.kind === 'ok') return answer.value;
    if (answer.kind === 'refusal') throw refused(nameOf(what), answer.words);
    throw unavailable(nameOf(what), answer.words);
  };
  return {
    isLocal: way.isLocal,
    address,
    async servers(backend) {
      const text = await ask(`show servers state ${backend}; show stat ${backend} 4 -1`);
      return valueOf(readServers(text, backend), `, backend ${backend}`);
    },
    async set(backend, server, state, permit) {
      const text = await ask(`set server ${backend}/${server} state ${state}`, permit);
      valueOf(readChange(text), `, server ${server} of backend ${backend}, to ${state}`);
    },
    async dump() {
      const text = await ask('show servers state');
      valueOf(breakOf(text) ?? readStateTable(text), '');
      return text;
    },
    close: way.close,
  };
}

interface Way {
  readonly isLocal: boolean;
  readonly path: () => Promise<string>;
  readonly close: () => Promise<void>;
}

function wayTo({ address, tunnels, name, sshConfig, clock, log }: SocketOptions): Way {
  if (!address.startsWith('ssh:')) return { isLocal: true, path: async () => address, close: async () => undefined };
  const tunnel = createTunnel({
    address: parseSshAddress(address),
    folder: tunnels,
    name,
    config: sshConfig,
    clock,
    log,
  });
  return {
    isLocal: false,
    path: () =>
      tunnel.ready().catch((error: unknown) => {
        throw unavailable(`HAProxy at ${address}`, asSlipwayError(error).message, error);
      }),
    close: () => tunnel.close(),
  };
}
