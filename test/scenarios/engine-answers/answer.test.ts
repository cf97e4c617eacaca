/** What becomes of a connection when the account that came over it has been read. */
import { once } from 'node:events';
import { Agent, createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jsonLines } from '../../../src/docker/answer.js';

let server: Server;
let agent: Agent;
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  agent = new Agent({ keepAlive: true });
  server = createServer((_request, response) => answer(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  agent.destroy();
  server.closeAllConnections();
  server.close();
});

async function ask(): Promise<IncomingMessage> {
  const { port } = server.address() as AddressInfo;
  const [body] = (await once(request({ port, agent }).end(), 'response')) as [IncomingMessage];
  return body;
}

async function readAll(body: IncomingMessage): Promise<void> {
  for await (const line of jsonLines(body)) expect(line).toEqual({ n: 1 });
}

async function readOne(body: IncomingMessage): Promise<void> {
  for await (const _line of jsonLines(body)) return;
}

test.each([
  ['has enough', '{"n":1}\n', readOne],
  ['meets what is no JSON', '<html>\n', (body: IncomingMessage) => readAll(body).catch(() => undefined)],
])('a reader that %s leaves no connection open, however long the engine goes on', async (_, lines, read) => {
  let closed: Promise<unknown> | undefined;
  answer = (response) => {
    closed = once(response, 'close');
    response.write(lines);
  };
  await read(await ask());
  expect(closed).toBeDefined();
  await closed;
});

test('a connection whose account was read to its end is used again', async () => {
  answer = (response) => response.end('{"n":1}\n');
  const first = await ask();
  const { socket } = first;
  await readAll(first);
  await new Promise(setImmediate);
  const second = await ask();
  expect(second.socket).toBe(socket);
  await readAll(second);
});

test('a line of more than 100,000 values is not read', async () => {
  answer = (response) => response.end(`{"n":[${'[],'.repeat(200_000)}1]}\n`);
  await expect(readAll(await ask())).rejects.toMatchObject({ code: 'engine-error' });
});
