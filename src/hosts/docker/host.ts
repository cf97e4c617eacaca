import type { Clock } from '../../clock.js';
import { textOf, type JsonObject } from '../../docker/answer.js';
import { connectEngine, type Connection, type EngineTls } from '../../docker/connection.js';
import type { Log } from '../../log.js';
import { memoUnlessFailed } from '../../memo.js';
import type { Host, HostInfo } from '../contract.js';
import { numberOf } from '../messages/container-state.js';
import { hostFault } from '../messages/faults.js';
import { parseSshAddress } from '../../tunnel/ssh-address.js';
import { createTunnel, type Tunnel } from '../../tunnel/ssh-tunnel.js';
import { createCalls, type Calls } from './calls.js';
import { createContainers } from './containers.js';
import { createControls } from './controls.js';
import { createEvents } from './events.js';
import { createHostImages } from './images.js';
import { createVolumes } from './volumes.js';

export interface HostOptions {
  readonly name: string;
  /** `unix://PATH`, `tcp://HOST[:PORT]` or `ssh://[USER@]HOST[:PORT][/SOCKET]`. */
  readonly engine: string;
  /** Of a `tcp://` address. Null: no TLS. */
  readonly tls: EngineTls | null;
  /** Folder for the socket of a tunnel, one for each environment. It is made for its owner alone. */
  readonly tunnels: string;
  /** A configuration file for ssh instead of the user's. */
  readonly sshConfig: string | null;
  readonly clock: Clock;
  readonly log: Log;
}

const PING_TIMEOUT_MS = 5_000;
/** The engine runs programs to ask for their versions. */
const INFO_TIMEOUT_MS = 60_000;

/**
 * A Docker Engine (20.10 to 29) of an environment. Connects on first use. Fails with `invalid-configuration` for an address of another
 * kind.
 */
export function createHost(options: HostOptions): Host {
  const { name, clock } = options;
  const way = wayTo(options);
  const calls = createCalls({ host: name, connection: way.connection, clock, wayFault: way.fault });
  const info = (): Promise<HostInfo> => askInfo(calls);
  // They do not change while an engine runs, and a new one reads the same.
  const limits = memoUnlessFailed(async () => (await info()).limits);
  const volumes = createVolumes(calls);
  return {
    name,
    containers: createContainers({ calls, limits, volumeExists: (volume) => volumes.exists(volume) }),
    controls: createControls(calls),
    images: createHostImages(calls),
    volumes,
    events: createEvents(calls),
    async ping() {
      const answer = await calls.ask({ method: 'GET', path: '/_ping' }, PING_TIMEOUT_MS);
      if (answer.status >= 400) throw hostFault(name, answer);
    },
    info,
    close: way.close,
  };
}

interface Way {
  readonly connection: Connection;
  readonly fault: () => string | null;
  readonly close: () => Promise<void>;
}

function wayTo({ name, engine, tls, tunnels, sshConfig, clock, log }: HostOptions): Way {
  if (!engine.startsWith('ssh:'))
    return { connection: connectEngine(engine, tls), fault: () => null, close: async () => undefined };
  const address = parseSshAddress(engine);
  const tunnel = createTunnel({ address, folder: tunnels, name, config: sshConfig, clock, log });
  return { connection: throughTunnel(tunnel), fault: () => tunnel.said(), close: () => tunnel.close() };
}

/** Every request waits for the tunnel. */
function throughTunnel(tunnel: Tunnel): Connection {
  const connect = memoUnlessFailed(async (socket: string) => connectEngine(`unix://${socket}`, null));
  const ready = async (signal: AbortSignal | undefined): Promise<Connection> => {
    const socket = await tunnel.ready();
    signal?.throwIfAborted();
    return connect(socket);
  };
  return {
    send: async (request) => (await ready(request.signal)).send(request),
    upgrade: async (path, headers, signal) => (await ready(signal)).upgrade(path, headers, signal),
  };
}

async function askInfo(calls: Calls): Promise<HostInfo> {
  const answer = await calls.ask({ method: 'GET', path: '/info' }, INFO_TIMEOUT_MS);
  if (answer.status >= 400) throw hostFault(calls.host, answer);
  const { object } = answer;
  return {
    cpus: numberOf(object['NCPU']),
    memory: numberOf(object['MemTotal']),
    engineVersion: textOf(object, 'ServerVersion'),
    containerdStore: hasContainerdStore(object),
    limits: {
      memory: object['MemoryLimit'] === true,
      swap: object['SwapLimit'] === true,
      pids: object['PidsLimit'] === true,
    },
  };
}

/** `DriverStatus` is a list of pairs; containerd's store names its driver there. */
function hasContainerdStore(info: JsonObject): boolean {
  const pairs: readonly unknown[] = Array.isArray(info['DriverStatus']) ? info['DriverStatus'] : [];
  return pairs.some((pair) => Array.isArray(pair) && pair[1] === 'io.containerd.snapshotter.v1');
}
