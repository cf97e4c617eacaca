/** An engine that answers in every wrong way, and what our side of the connection makes of it. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { connectEngine } from '../../../src/docker/connection.js';
import { createEngine } from '../../../src/engine/docker/engine.js';
import type { Engine } from '../../../src/engine/contract.js';
import { buildRequest, never } from '../engine.js';
import { keptLog } from '../kept-log.js';
import { manualClock } from '../manual-clock.js';
import { codeOf, runScenarios, type Scenarios } from './scenarios.js';

type Script = (socket: Socket, request: string) => void;

const id = `sha256:${'1'.repeat(64)}`;
const said = (status: string, headers: readonly string[] = [], body = ''): string =>
  [`HTTP/1.1 ${status}`, ...headers, `Content-Length: ${body.length}`, '', body].join('\r\n');
const upgraded = 'HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n';
const built = said('200 OK', [], `{"id":"moby.image.id","aux":{"ID":"${id}"}}\n`);
const isSession = (request: string) => request.startsWith('POST /session');

async function listen(onSocket: (socket: Socket) => void): Promise<{ server: Server; host: string }> {
  const server = createServer((socket) => onSocket(socket.on('error', () => undefined)));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  return { server, host: `127.0.0.1:${typeof address === 'object' ? address?.port : 0}` };
}

/** Where redirects point: every visitor is counted and thrown out. */
const trap = { visits: 0 };
const { host: trapHost } = await listen((socket) => {
  trap.visits += 1;
  socket.destroy();
});

/** Round trips on other connections: what is on its way arrives. */
async function settle(): Promise<void> {
  const { server, host } = await listen((socket) => socket.once('data', () => socket.end(said('200 OK'))));
  const open = connectEngine(`tcp://${host}`, null);
  for (let round = 0; round < 10; round += 1) {
    const { body } = await open.send({ method: 'GET', path: '/_ping' });
    await once(body.resume(), 'close');
  }
  server.close();
}

async function against(script: Script, work: (engine: Engine, host: string) => Promise<unknown>): Promise<string> {
  const sockets = new Set<Socket>();
  const { server, host } = await listen((socket) => {
    sockets.add(socket);
    socket.once('data', (data: Buffer) => script(socket.resume(), data.toString('latin1')));
  });
  const options = { tls: null, credentials: null, clock: manualClock(), log: keptLog() };
  trap.visits = 0;
  const result = await work(createEngine({ host: `tcp://${host}`, ...options }), `tcp://${host}`).then(
    () => 'ok',
    codeOf,
  );
  await settle();
  for (const socket of sockets) socket.destroy();
  server.close();
  return trap.visits === 0 ? result : `${result}, and it went where it was sent`;
}

const context = { Dockerfile: 'FROM scratch', big: 'x'.repeat(1_000_000) };
const build = (engine: Engine) => engine.builder.build(buildRequest(context), () => undefined, never);
const redirect = (...headers: string[]): Script => {
  return (socket) => socket.write(said('301 Moved Permanently', headers));
};
const asked: Readonly<Record<string, (engine: Engine) => Promise<unknown>>> = {
  find: ({ images }) => images.find('a:1'),
  tag: ({ images }) => images.tag(id, 'a:1'),
  remove: ({ images }) => images.remove('a:1'),
  pull: ({ images }) => images.pull('a:1', never),
  push: ({ images }) => images.push('a:1', () => undefined, never),
  build,
  ping: (engine) => engine.ping(),
  prune: (engine) => engine.prune(1),
};

const redirects: Scenarios = Object.fromEntries(
  Object.entries(asked).map(([name, ask]) => [
    `${name} is redirected`,
    () => against(redirect(`Location: http://${trapHost}/x`), ask),
  ]),
);

const oddRedirects: Scenarios = Object.fromEntries(
  ['ftp://x/y', 'mailto:x', 'http://[', '//', '', '/elsewhere', 'http://nowhere.invalid/'].map((location) => [
    `a redirect to "${location}"`,
    () => against(redirect(`Location: ${location}`), ({ images }) => images.find('a:1')),
  ]),
);

/** A session that is opened and then treated as the script says, and a build that is answered. */
const afterUpgrade = (script: Script) =>
  against((socket, request) => {
    if (!isSession(request)) return void socket.write(built);
    socket.write(upgraded, () => script(socket, request));
  }, build);

await runScenarios({
  ...redirects,
  ...oddRedirects,
  'a redirect that points nowhere': () => against(redirect(), ({ images }) => images.find('a:1')),
  'a build is redirected while its context is uploaded': () =>
    against(
      (socket, request) =>
        socket.write(isSession(request) ? said('404 Not Found') : said('307 X', [`Location: http://${trapHost}/x`])),
      build,
    ),
  'no answer': () => against((socket) => socket.destroy(), build),
  'a reset instead of an answer': () => against((socket) => socket.resetAndDestroy(), build),
  'what is no HTTP': () => against((socket) => socket.write('220 mail.example ESMTP\r\n'), build),
  'endless headers': () => against((socket) => socket.write(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(200_000)}`), build),
  'a reset in the middle of an answer': () =>
    against(
      (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{', () => socket.resetAndDestroy()),
      ({ images }) => images.find('a:1'),
    ),
  'a reset while nobody reads': () =>
    against(
      (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{', () => socket.resetAndDestroy()),
      async (_, host) => connectEngine(host, null).send({ method: 'GET', path: '/x' }),
    ),
  'an abort while nobody reads': () =>
    against(
      (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{'),
      async (_, host) => {
        const stop = new AbortController();
        await connectEngine(host, null).send({ method: 'GET', path: '/x', signal: stop.signal });
        stop.abort();
      },
    ),
  'a broken chunk': () =>
    against(
      (socket) => socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'),
      ({ images }) => images.find('a:1'),
    ),
  'two answers to one question': () =>
    against(
      (socket) => socket.write(said('200 OK', [], '{}').repeat(2)),
      ({ images }) => images.find('a:1'),
    ),
  'an upgrade that nobody asked for': () =>
    against(
      (socket) => socket.write(upgraded),
      ({ images }) => images.find('a:1'),
    ),
  'an upgrade instead of an account': () =>
    against(
      (socket) => socket.write(upgraded),
      ({ images }) => images.pull('a:1', never),
    ),
  'a session that is reset at once': () => afterUpgrade((socket) => socket.resetAndDestroy()),
  'a session that is closed at once': () => afterUpgrade((socket) => socket.destroy()),
  'a session that speaks no HTTP/2': () => afterUpgrade((socket) => socket.write('GET / HTTP/1.1\r\n\r\n')),
  'an upgrade and an end in one': () =>
    against((socket, request) => socket.end(isSession(request) ? upgraded : built), build),
  'a well-behaved engine': () =>
    against((socket, request) => socket.write(isSession(request) ? upgraded : built), build),
});
