import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { TestApp } from './app.js';

/** Lets the server work until the condition holds. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

/** A client that decides about each byte that it sends. */
export interface RawClient {
  /** Sends text; resolves when the server has taken it in. */
  send(text: string): Promise<void>;
  /** All that came back so far. */
  text(): string;
  /** Resolves with all that came back, once that contains the text. */
  answer(containing: string): Promise<string>;
  /** Resolves with all that came back, once the connection is closed, by both. */
  closed(): Promise<string>;
  leave(): void;
}

/** Listens, unless the server does already. */
export async function rawClient({ app }: Pick<TestApp, 'app'>): Promise<RawClient> {
  if (!app.server.listening) await app.listen({ port: 0, host: '127.0.0.1' });
  const accepted = once(app.server, 'connection') as Promise<[Socket]>;
  // Never closes its half by itself: a server that waits for that keeps the connection.
  const socket = connect({ port: (app.server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
  let received = '';
  let sent = 0;
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  const [peer] = await accepted;
  return {
    async send(text) {
      sent += Buffer.byteLength(text);
      socket.write(text);
      await until(() => peer.bytesRead >= sent || peer.destroyed);
      // What it makes of that comes in the next turns.
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    },
    text: () => received,
    async answer(containing) {
      await until(() => received.includes(containing));
      return received;
    },
    async closed() {
      await until(() => peer.destroyed && (socket.readableEnded || socket.destroyed));
      socket.destroy();
      return received;
    },
    leave: () => void socket.destroy(),
  };
}

/** The first lines of a request, with the empty line after them. */
export function requestHead(line: string, headers: Record<string, string | number> = {}): string {
  const all = { host: 'slipway.test', ...headers };
  return [`${line} HTTP/1.1`, ...Object.entries(all).map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');
}

/** A signed webhook request in the bytes that are sent. */
export function rawWebhook({ headers, payload }: { headers: Record<string, string>; payload: string | Buffer }): {
  head: string;
  body: string;
} {
  const body = payload.toString();
  return {
    head: requestHead('POST /webhooks/github', { ...headers, 'content-length': Buffer.byteLength(body) }),
    body,
  };
}
