/** A git host whose answers are changed on the way: something between Slipway and the host, or a host that is broken. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of the answer to a request for objects. Null: the connection breaks off in its middle. */
export type Change = (answer: Buffer) => Buffer | null;

export interface GitProxy {
  readonly cloneUrl: string;
  /** Applies to every pack from now on. Null: none is changed. */
  change(how: Change | null): void;
  close(): Promise<void>;
}

const isPack = (answer: Buffer): boolean => answer.includes('packfile\n');

export async function startGitProxy(target: string): Promise<GitProxy> {
  let change: Change | null = null;
  const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const names = ['git-protocol', 'content-type', 'content-encoding', 'accept'];
    const headers = names.flatMap((name) => {
      const value = request.headers[name];
      return typeof value === 'string' ? [[name, value] as [string, string]] : [];
    });
    const body = chunks.length > 0 ? Buffer.concat(chunks) : undefined;
    const answer = await fetch(`${target}${request.url}`, { method: request.method, headers, body });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const sent = change !== null && isPack(bytes) ? change(bytes) : bytes;
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
    if (sent !== null) return void response.end(sent);
    response.write(bytes.subarray(0, bytes.length / 2));
    setImmediate(() => response.destroy());
  };
  const server = createServer((request, response) => {
    forward(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    cloneUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/{repository}.git`,
    change: (how) => void (change = how),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
