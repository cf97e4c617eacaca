import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface EngineProxy {
  /** The host that the engine's clients are to use. */
  readonly host: string;
  /** Takes the engine away: open connections break, new ones are refused. */
  cut(): Promise<void>;
  /** Brings it back, where it is away. */
  restore(): Promise<void>;
  /** Breaks the build sessions that are open, and nothing else. */
  cutSessions(): void;
  close(): Promise<void>;
}

/** Stands between a client and an engine at `unix://…`, and can make it look dead. `tcp` gives an address of the other kind. */
export async function startEngineProxy(engine: string, kind: 'unix' | 'tcp' = 'unix'): Promise<EngineProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-proxy-'));
  const path = join(folder, 'engine.sock');
  const open = new Set<Socket>();
  const sessions = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(engine.replace('unix://', ''));
    client.once('data', (start: Buffer) => {
      if (start.toString('latin1').startsWith('POST /session')) sessions.add(client);
    });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        sessions.delete(from);
        to.destroy();
      });
    }
  });
  let port = 0;
  const listen = async (): Promise<void> => {
    if (server.listening) return;
    if (kind === 'unix') server.listen(path);
    else server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = portOf(server);
  };
  const cut = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of open) socket.destroy();
    await closed;
  };
  await listen();
  return {
    host: kind === 'unix' ? `unix://${path}` : `tcp://127.0.0.1:${port}`,
    cut,
    restore: listen,
    cutSessions() {
      for (const socket of sessions) socket.destroy();
    },
    async close() {
      await cut();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
