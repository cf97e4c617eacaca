/** A build session whose engine misbehaves in every way, and whether the next one is served. */
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect, createServer, type Socket } from 'node:net';
import { healthCheck } from '../../../src/engine/session/health.js';
import type { SessionMethod } from '../../../src/engine/session/method.js';
import { serveSession } from '../../../src/engine/session/server.js';
import {
  call,
  callBlock,
  data,
  field,
  flags,
  frame,
  frameTypes,
  goaway,
  message,
  preface,
  reset,
  settings,
  windowUpdate,
} from '../http2-frames.js';
import { keptLog } from '../kept-log.js';
import { runScenarios, type Scenarios } from './scenarios.js';

const health = healthCheck.path;
const empty = Buffer.alloc(0);
const held = { now: 0, most: 0, begun: 0 };

/** Never answers; counts how many such calls there are. */
const hold: SessionMethod = {
  path: '/test/Hold',
  async serve({ messages }) {
    held.begun += 1;
    held.now += 1;
    held.most = Math.max(held.most, held.now);
    try {
      for await (const _message of messages) continue;
    } finally {
      held.now -= 1;
    }
  },
};

/** Sends more than any window takes. */
const pour: SessionMethod = {
  path: '/test/Pour',
  async serve(call) {
    for (let sent = 0; sent < 1000; sent += 1) await call.send(Buffer.alloc(64 * 1024));
  },
};

const failing: SessionMethod = {
  path: '/test/Fail',
  async serve(call) {
    for await (const _message of call.messages) throw new TypeError('not a SlipwayError');
    throw new TypeError('not a SlipwayError');
  },
};

const paths = [health, hold.path, pour.path, failing.path, '/test/NotServed'];

interface Pair {
  readonly ours: Socket;
  readonly theirs: Socket;
}

async function open(): Promise<Pair> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const ours = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  const [theirs] = (await once(server, 'connection')) as [Socket];
  if (ours.connecting) await once(ours, 'connect');
  server.close();
  // As the connection to the engine does with a socket that it hands over.
  ours.on('error', () => undefined);
  return { ours, theirs: theirs.on('error', () => undefined) };
}

/** A well-behaved call on a session of its own. */
async function isWell(): Promise<boolean> {
  const { ours, theirs } = await open();
  serveSession(ours, [healthCheck], keptLog());
  const engine = connectHttp2('http://engine', { createConnection: () => theirs });
  const stream = engine.request({ ':method': 'POST', ':path': health, 'content-type': 'application/grpc' });
  stream.end(message(empty)).resume();
  const [trailers] = (await once(stream, 'trailers')) as [Record<string, string>];
  engine.destroy();
  ours.destroy();
  return trailers['grpc-status'] === '0';
}

type Mischief = (pair: Pair) => Promise<void>;

/** Runs the mischief on a session; over when nothing more follows from it for some round trips of others. */
const against =
  (mischief: Mischief, early: Buffer = empty) =>
  async (): Promise<string> => {
    const { ours, theirs } = await open();
    if (early.length > 0) ours.unshift(early);
    theirs.resume();
    const session = serveSession(ours, [healthCheck, hold, pour, failing], keptLog());
    const closed = new Promise<void>((resolve) => void session.once('close', () => resolve()));
    await mischief({ ours, theirs });
    for (let round = 0; round < 5; round += 1) if (!(await isWell())) return 'the next session is not served';
    theirs.destroy();
    // As the session's `close` does at the end of a build.
    session.destroy();
    ours.destroy();
    await closed;
    await isWell();
    return 'ok';
  };

const write = (socket: Socket, ...bytes: readonly Buffer[]): Promise<void> =>
  new Promise((resolve) => void socket.write(Buffer.concat(bytes), () => resolve()));

/** Begins a connection and sends these bytes in one piece. */
const sends = (...bytes: readonly Buffer[]) => against(({ theirs }) => write(theirs, preface, settings(), ...bytes));

/** The bytes are there before the session begins: the engine sent them together with its answer to the upgrade. */
const early = (...bytes: readonly Buffer[]) =>
  against(async () => undefined, Buffer.concat([preface, settings(), ...bytes]));

const forEachPath = (name: string, script: (path: string) => () => Promise<string>): Scenarios =>
  Object.fromEntries(paths.map((path) => [`${name} (${path})`, script(path)]));

const many = (count: number, make: (stream: number) => Buffer): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_, index) => make(2 * index + 1)));

const calledThenOver = (end: (pair: Pair) => void) => (path: string) =>
  against(async (pair) => {
    await write(pair.theirs, preface, settings(), call(1, path), data(1, message(empty)));
    await isWell();
    end(pair);
  });

/** Header fields of one call, too many for one frame. */
function flood(pairs: number, last: number): Buffer {
  const block = Buffer.concat([callBlock(health), ...Array.from({ length: pairs }, () => field('x', 'y'))]);
  const size = 16_000;
  const frames = Array.from({ length: Math.ceil(block.length / size) }, (_, index) => {
    const isLast = (index + 1) * size >= block.length;
    const type = index === 0 ? frameTypes.headers : frameTypes.continuation;
    return frame(type, isLast ? last : flags.none, 1, block.subarray(index * size, (index + 1) * size));
  });
  return Buffer.concat(frames);
}

await runScenarios({
  ...forEachPath('a reset in the packet of the call', (path) => sends(call(1, path), reset(1))),
  ...forEachPath('a reset in the packet of the upgrade', (path) => early(call(1, path), reset(1))),
  ...forEachPath('a reset behind the message, in the packet of the upgrade', (path) =>
    early(call(1, path), data(1, message(empty), flags.endStream), reset(1)),
  ),
  ...forEachPath('a goodbye in the packet of the upgrade', (path) => early(call(1, path), goaway(2))),
  ...forEachPath('noise in the packet of the upgrade', (path) => early(call(1, path), Buffer.alloc(1000, 0xa5))),
  ...forEachPath('a reset behind the message', (path) =>
    sends(call(1, path), data(1, message(empty), flags.endStream), reset(1)),
  ),
  ...forEachPath('a reset of a call under way', (path) =>
    against(async ({ theirs }) => {
      await write(theirs, preface, settings(), call(1, path), data(1, message(empty)));
      await isWell();
      await write(theirs, reset(1));
    }),
  ),
  ...forEachPath('a goodbye in the packet of the call', (path) => sends(call(1, path), goaway(0))),
  ...forEachPath('a goodbye with an error', (path) => sends(call(1, path), goaway(2))),
  ...forEachPath(
    'a socket that is destroyed in a call',
    calledThenOver(({ theirs }) => theirs.destroy()),
  ),
  ...forEachPath(
    'a socket that is reset in a call',
    calledThenOver(({ theirs }) => theirs.resetAndDestroy()),
  ),
  ...forEachPath(
    'a socket that is ended in a call',
    calledThenOver(({ theirs }) => theirs.end()),
  ),
  ...forEachPath(
    'our socket that breaks in a call',
    calledThenOver(({ ours }) => ours.destroy(new Error('broken'))),
  ),
  ...forEachPath('trailers behind the end', (path) =>
    sends(call(1, path), data(1, message(empty), flags.endStream), call(1, path), data(1, message(empty))),
  ),
  ...forEachPath('a call on every number, reset at once', (path) =>
    sends(many(3000, (stream) => Buffer.concat([call(stream, path), reset(stream)]))),
  ),
  ...forEachPath('thousands of calls', (path) => sends(many(5000, (stream) => call(stream, path)))),
  ...forEachPath('a window that never opens', (path) =>
    against(({ theirs }) => write(theirs, preface, settings([4, 0]), call(1, path), data(1, message(empty)))),
  ),
  'thousands of calls are served a hundred at a time': async () => {
    [held.most, held.begun] = [0, 0];
    await sends(many(5000, (stream) => call(stream, hold.path)))();
    if (held.begun === 0) return 'none was begun';
    return held.most <= 100 ? 'ok' : `${held.most} at a time`;
  },
  'a message that claims four gigabytes': sends(call(1, health), data(1, message(empty, 0xffffffff))),
  'a message that is compressed': sends(call(1, health), data(1, message(empty, 0, 1))),
  'no preface': against(({ theirs }) => write(theirs, Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'))),
  'noise behind the preface': against(({ theirs }) => write(theirs, preface, Buffer.alloc(100_000, 0xa5))),
  'data for no stream': sends(data(0, empty)),
  'data for a stream that nobody opened': sends(data(7, message(empty))),
  'a frame that is too large': sends(data(1, Buffer.alloc(1_000_000))),
  'headers that are no HPACK': sends(frame(frameTypes.headers, flags.endHeaders, 1, Buffer.alloc(50, 0xff))),
  'headers without a path': sends(frame(frameTypes.headers, flags.endHeaders, 1, field('a', 'b'))),
  'a window that overflows': sends(call(1, health), windowUpdate(1, 0x7fffffff), windowUpdate(0, 0x7fffffff)),
  'ninety thousand headers': sends(flood(90_000, flags.endHeaders), data(1, message(empty), flags.endStream)),
  'a million headers': sends(flood(1_000_000, flags.endHeaders)),
  'headers without an end': sends(flood(1_000_000, flags.none)),
  'pings without an end': sends(many(20_000, () => frame(frameTypes.ping, flags.none, 0, Buffer.alloc(8)))),
  'settings without an end': sends(many(20_000, () => settings())),
  'a socket that is gone before the session begins': async () => {
    const { ours, theirs } = await open();
    ours.destroy();
    try {
      serveSession(ours, [healthCheck], keptLog());
    } catch {
      // The code that opens the session gets it.
    }
    theirs.destroy();
    return (await isWell()) ? 'ok' : 'not well';
  },
});
