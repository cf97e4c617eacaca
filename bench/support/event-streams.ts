import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Open event streams, as of pages in browsers. They count bytes and read nothing: a browser's work is not the server's. */
export class EventStreams {
  #bytes = 0;
  #lost = 0;

  private constructor(private readonly sockets: readonly Socket[]) {}

  /** Opens `count` streams at `path` and waits for the greeting of each. */
  static async open(port: number, path: string, token: string, count: number): Promise<EventStreams> {
    const head = `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token}\r\n\r\n`;
    const sockets: Socket[] = [];
    for (let number = 0; number < count; number += 1) {
      const socket = connect({ host: '127.0.0.1', port });
      socket.write(head);
      const [first] = (await once(socket, 'data')) as [Buffer];
      if (!first.toString().startsWith('HTTP/1.1 200')) throw new Error(`no stream: ${first.toString()}`);
      sockets.push(socket);
    }
    const streams = new EventStreams(sockets);
    for (const socket of sockets) {
      socket.on('data', (chunk: Buffer) => (streams.#bytes += chunk.length));
      socket.on('error', () => undefined);
      socket.once('close', () => (streams.#lost += 1));
    }
    return streams;
  }

  /** Bytes that all streams together got since they were opened. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Ends them. Fails if the server had ended one before. */
  close(): void {
    const lost = this.#lost;
    for (const socket of this.sockets) socket.destroy();
    if (lost > 0) throw new Error(`The server ended ${lost} of ${this.sockets.length} streams.`);
  }
}
