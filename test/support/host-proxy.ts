import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What becomes of a request. */
export type Fate =
  | 'pass'
  /** The connection breaks, and the engine never hears of it. */
  | 'drop'
  /** The engine does it, and the connection breaks before the answer. `lose` is called in between. */
  | { readonly lose: () => Promise<void> }
  /** The engine does it, and nobody hears the answer. `sent` is called once the engine has the request. */
  | { readonly sent: () => Promise<void> }
  /** The engine does it at first if `done`, and this is the answer. */
  | { readonly status: number; readonly message: string; readonly done: boolean };

/** Decides on a request: `POST /containers/ID/start?…`, without the API's version. */
export type Judge = (request: string) => Fate | Promise<Fate>;

/** Stands between Slipway and the engine of a host. Each request has a connection of its own. */
export interface HostProxy {
  readonly address: string;
  /** Every request from now on is judged; `null` lets all pass. */
  judge(judge: Judge | null): void;
  /** The host is off the network: open connections break, and new ones are refused. */
  cut(): Promise<void>;
  /** The host hangs: it takes connections and says nothing, on open ones either. */
  hang(): void;
  /** Ends both. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

const passing: Judge = () => 'pass';

/** True of what changes a host or, as a line for HAProxy, which servers get requests. */
export const isChange = (request: string): boolean => !/^(GET|HEAD|show) /.test(request);

/** A judge that gives the n-th request that matches a fate, and lets all others pass. */
export function onCall<F extends object | string>(pattern: RegExp, fate: () => F | Promise<F>, nth = 1) {
  let seen = 0;
  return (request: string): F | 'pass' | Promise<F> => {
    if (!pattern.test(request)) return 'pass';
    seen += 1;
    return seen === nth ? fate() : 'pass';
  };
}

export async function startHostProxy(engine: string): Promise<HostProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-proxy-'));
  const path = join(folder, 'engine.sock');
  const open = new Set<Socket>();
  let judge = passing;
  let hangs = false;
  const keep = (socket: Socket): Socket => {
    open.add(socket);
    return socket.on('error', () => undefined).on('close', () => open.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    void wholeRequest(client).then(async (request) => {
      if (hangs) return;
      const [method = '', target = ''] = request.toString('latin1').split(' ', 2);
      const fate = await judge(`${method} ${target.replace(/^\/v[\d.]+/, '')}`);
      if (fate === 'drop') return void client.destroy();
      if (typeof fate === 'object' && 'status' in fate && !fate.done) return answer(client, fate);
      const upstream = keep(connect(engine.replace('unix://', '')));
      upstream.on('error', () => client.destroy());
      upstream.write(request);
      give(client, upstream, fate);
    });
  });
  const listen = async (): Promise<void> => {
    if (hangs) for (const socket of open) socket.destroy();
    hangs = false;
    if (server.listening) return;
    server.listen(path);
    await once(server, 'listening');
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
    address: `unix://${path}`,
    judge: (next) => void (judge = next ?? passing),
    cut,
    hang() {
      hangs = true;
      for (const socket of open) socket.pause();
    },
    restore: listen,
    async close() {
      await cut();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The request with its body. Never resolves if the client goes away before. */
function wholeRequest(client: Socket): Promise<Buffer> {
  return new Promise((resolve) => {
    let request = Buffer.alloc(0);
    client.on('data', (chunk: Buffer) => {
      request = Buffer.concat([request, chunk]);
      const head = request.indexOf('\r\n\r\n');
      if (head === -1) return;
      const length = /^content-length: (\d+)/im.exec(request.subarray(0, head).toString('latin1'))?.[1] ?? '0';
      if (request.length >= head + 4 + Number(length)) resolve(request);
    });
  });
}

/** Hands the engine's answer on, or does to the client what it gets instead. */
function give(client: Socket, upstream: Socket, fate: Exclude<Fate, 'drop'>): void {
  if (typeof fate === 'object' && 'sent' in fate) return void upstream.resume().once('connect', () => void fate.sent());
  client.on('close', () => upstream.destroy());
  if (fate === 'pass') return void upstream.pipe(client);
  upstream.once('data', () => {
    if ('status' in fate) {
      upstream.destroy();
      return answer(client, fate);
    }
    void fate.lose().then(() => client.destroy());
  });
}

function answer(client: Socket, { status, message }: { readonly status: number; readonly message: string }): void {
  const body = JSON.stringify({ message });
  client.end(
    `HTTP/1.1 ${status} Scripted\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
