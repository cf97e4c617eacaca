import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';

export interface ScriptedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** The connection is lost after the body, which is not all of the answer. */
  readonly cut?: boolean;
}

export interface ScriptedServer {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly requests: readonly ScriptedRequest[];
  close(): Promise<void>;
}

/** An HTTP server that answers as the function says (`hang`: not at all) and remembers what it was asked. */
export async function scriptedServer(
  answer: (request: ScriptedRequest) => ScriptedAnswer | 'hang',
): Promise<ScriptedServer> {
  const requests: ScriptedRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const seen = { method, path, headers, body: Buffer.concat(chunks).toString() };
      requests.push(seen);
      const said = answer(seen);
      if (said === 'hang') return;
      response.writeHead(said.status, said.headers);
      if (said.cut !== true) response.end(said.body ?? '');
      else response.write(said.body ?? '', () => response.destroy());
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    host: `127.0.0.1:${address.port}`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
