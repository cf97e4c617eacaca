import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { median, rounded } from './measure.js';

export interface LoadRequest {
  readonly port: number;
  readonly path: string;
  readonly connections: number;
  readonly durationMs: number;
  readonly headers: Readonly<Record<string, string>>;
  /** A header that is different each time. */
  readonly unique: { readonly name: string; readonly value: (number: number) => string };
  readonly body: Buffer;
  /** The one status that counts; any other ends the measurement. */
  readonly status: number;
}

export interface LoadFigures {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly requests: number;
}

/**
 * Sends one request after the other on each of some kept connections, to this machine alone, until the time is over. Written on sockets:
 * what generates the load shares the processors with what is measured, and a whole HTTP client takes as much as a server.
 */
export async function load(request: LoadRequest): Promise<LoadFigures> {
  const took: number[] = [];
  const began = performance.now();
  let number = 0;
  const isOver = () => performance.now() - began >= request.durationMs;
  const onConnection = async () => {
    const socket = connect(request.port, '127.0.0.1');
    socket.setNoDelay(true);
    await once(socket, 'connect');
    const answers = createAnswers(socket);
    while (!isOver()) {
      const sent = performance.now();
      socket.write(messageOf(request, number++));
      const status = await answers.next();
      if (status !== request.status) throw new Error(`The server answered ${status}, not ${request.status}.`);
      took.push(performance.now() - sent);
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: request.connections }, onConnection));
  const seconds = (performance.now() - began) / 1000;
  took.sort((a, b) => a - b);
  return {
    perSecond: rounded(took.length / seconds),
    p50: rounded(median(took)),
    p99: rounded(took[Math.floor(took.length * 0.99)] ?? NaN),
    requests: took.length,
  };
}

function messageOf({ path, headers, unique, body }: LoadRequest, number: number): Buffer {
  const all = {
    host: '127.0.0.1',
    ...headers,
    [unique.name]: unique.value(number),
    'content-length': String(body.length),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`), body]);
}

/** Statuses of the answers on a connection, as they come; answers have a Content-Length. */
function createAnswers(socket: Socket) {
  let pending = '';
  let take: ((status: number) => void) | null = null;
  let fail: ((error: Error) => void) | null = null;
  socket.on('data', (chunk: Buffer) => {
    pending += chunk.toString('latin1');
    const head = pending.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(pending.slice(0, head))?.[1] ?? 0);
    if (pending.length < head + 4 + length) return;
    const status = Number(pending.slice(9, 12));
    pending = pending.slice(head + 4 + length);
    take?.(status);
  });
  socket.on('error', (error) => fail?.(error));
  socket.on('close', () => fail?.(new Error('The server closed a connection.')));
  return {
    next: () =>
      new Promise<number>((resolve, reject) => {
        [take, fail] = [resolve, reject];
      }),
  };
}
