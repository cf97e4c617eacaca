import { randomUUID } from 'node:crypto';
import type { ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { Log } from '../../log.js';
import { unreachable, type Connection } from '../../docker/connection.js';
import type { SessionMethod } from './method.js';
import { serveSession } from './server.js';

export interface OpenSession {
  /** What `POST /build?session=` names. */
  readonly id: string;
  close(): void;
}

/**
 * Opens a BuildKit session (`POST /session`, upgraded to HTTP/2 in clear text), over which the engine sends us requests during a build. It
 * stays open until `close`. `sharedKey` identifies what is being built, so that the engine keeps what it synced before. The signal aborts
 * only the opening. Null if the engine supports no sessions. Fails with `engine-unavailable`, `engine-error`, or the signal's reason.
 */
export async function openSession(
  connection: Connection,
  sharedKey: string,
  methods: readonly SessionMethod[],
  log: Log,
  signal: AbortSignal,
): Promise<OpenSession | null> {
  const id = randomUUID();
  const headers = {
    Upgrade: 'h2c',
    'X-Docker-Expose-Session-Uuid': id,
    'X-Docker-Expose-Session-Name': 'slipway',
    'X-Docker-Expose-Session-Sharedkey': sharedKey,
    'X-Docker-Expose-Session-Grpc-Method': methods.map((method) => method.path),
  };
  const socket = await connection.upgrade('/session', headers, signal);
  if (typeof socket === 'number') {
    log.debug({ status: socket }, 'engine opens no build session');
    return null;
  }
  const session = serveOn(socket, methods, log);
  return {
    id,
    close() {
      session.destroy();
      socket.destroy();
    },
  };
}

function serveOn(socket: Socket, methods: readonly SessionMethod[], log: Log): ServerHttp2Session {
  try {
    return serveSession(socket, methods, log);
  } catch (error) {
    // The engine closed the socket right after opening it.
    socket.destroy();
    throw unreachable(error);
  }
}
