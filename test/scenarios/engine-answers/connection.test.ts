import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectEngine } from '../../../src/docker/connection.js';
import { createEngine } from '../../../src/engine/docker/engine.js';
import type { SlipwayError } from '../../../src/errors.js';
import { buildRequest, never } from '../../support/engine.js';
import { keptLog } from '../../support/kept-log.js';
import { manualClock } from '../../support/manual-clock.js';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let folder: string;
let server: Server;
let handle: Handler;
let asked: IncomingMessage[];
let sessions: Socket[];
/** Each resolves when we have closed our end of that session. */
let closed: Promise<unknown>[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-engine-'));
  [asked, sessions, closed] = [[], [], []];
  server = createServer((request, response) => {
    asked.push(request);
    handle(request, response);
  });
  server.on('upgrade', (_request, socket: Socket) => {
    sessions.push(socket.on('error', () => undefined).resume());
    closed.push(once(socket, 'end'));
    socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
  });
  server.listen(join(folder, 's'));
  await once(server, 'listening');
});

afterEach(async () => {
  for (const socket of sessions) socket.destroy();
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const failure = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: SlipwayError) => error,
  );
const open = (clock = manualClock()) =>
  createEngine({ host: `unix://${folder}/s`, tls: null, credentials: null, clock, log: keptLog() });
const build = () => failure(open().builder.build(buildRequest({ Dockerfile: 'FROM scratch' }), () => undefined, never));
const say =
  (status: number, body: string): Handler =>
  (request, response) =>
    void request.resume().on('end', () => response.writeHead(status).end(body));
const breakOff =
  (body: string): Handler =>
  (request, response) =>
    void request.resume().on('end', () => response.write(body, () => response.destroy()));
const imageId = `sha256:${'1'.repeat(64)}`;
const imageLine = `{"id":"moby.image.id","aux":{"ID":"${imageId}"}}\n`;

describe('a build', () => {
  test.each<[string, Handler, string]>([
    ['ends without naming an image', say(200, '{"stream":"x"}\n'), 'engine-unavailable'],
    ['breaks off', breakOff('{"stream":"x"}\n'), 'engine-unavailable'],
    ['breaks off after it named an image', breakOff(imageLine), 'engine-unavailable'],
    ['names an image and then reports an error', say(200, `${imageLine}{"error":"odd"}\n`), 'engine-error'],
    ['names what is no image', say(200, imageLine.replace('sha256:', 'x/../')), 'engine-error'],
    ['says what is no JSON', say(200, '<html>\n'), 'engine-error'],
    ['sends a broken status', say(200, '{"id":"moby.buildkit.trace","aux":"CIA="}\n'), 'engine-error'],
    ['is refused', say(400, '{"message":"no"}'), 'engine-error'],
    ['meets a gateway whose engine is away', say(502, 'Bad Gateway'), 'engine-unavailable'],
  ])('whose engine %s is no success', async (_, handler, code) => {
    handle = handler;
    expect(await build()).toMatchObject({ code });
  });

  test('has the error of the stream though the status is 200', async () => {
    handle = say(200, '{"errorDetail":{"message":"dockerfile parse error line 3: x"},"error":"short"}\n');
    expect(await build()).toMatchObject({ code: 'dockerfile-invalid', extra: { line: 3 } });
  });

  test('goes out with everything that it was asked for, and leaves no session open', async () => {
    handle = say(200, imageLine);
    const request = buildRequest(
      { Dockerfile: 'FROM scratch' },
      { target: 'run time', buildArgs: { A: '1&2' }, labels: { l: 'ü' }, noCache: true, cacheFrom: 'h/app:main' },
    );
    expect(await open().builder.build(request, () => undefined, never)).toEqual({ imageId });
    const { searchParams } = new URL(asked.find(({ url }) => url?.includes('/build?'))?.url ?? '', 'http://engine');
    expect(Object.fromEntries(searchParams)).toMatchObject({
      version: '2',
      dockerfile: 'Dockerfile',
      t: 'registry.test/app:1',
      target: 'run time',
      buildargs: '{"BUILDKIT_INLINE_CACHE":"1","A":"1&2"}',
      cachefrom: '["h/app:main"]',
      labels: '{"l":"ü"}',
      nocache: '1',
      session: expect.any(String),
      buildid: expect.any(String),
    });
    expect(await Promise.all(closed)).toHaveLength(1);
  });

  test('asks the engine to cancel when it is aborted', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    handle = (request, response) => {
      request.resume();
      if (request.url?.startsWith('/build/cancel')) response.end();
      else stop.abort(reason);
    };
    const request = buildRequest({ Dockerfile: 'FROM scratch' });
    await expect(open().builder.build(request, () => undefined, stop.signal)).rejects.toBe(reason);
    const [begun, canceled] = asked.map(({ url }) => new URL(url ?? '', 'http://engine').searchParams);
    expect(canceled?.get('id')).toBe(begun?.get('buildid'));
  });
});

describe('a session', () => {
  const engineWithoutSessions = async (answer: Handler) => {
    server.removeAllListeners('upgrade');
    const bodies: Buffer[][] = [];
    handle = (request, response) => {
      if (request.url === '/session') return answer(request, response);
      const body: Buffer[] = [];
      bodies.push(body);
      request.on('data', (chunk: Buffer) => body.push(chunk)).on('end', () => response.end(imageLine));
    };
    return bodies;
  };

  test.each<[string, Handler]>([
    ['an engine that has none', say(404, '{"message":"page not found"}')],
    ['a proxy that lets none through', say(403, 'forbidden')],
  ])('is not needed: %s gets the context as an archive', async (_, answer) => {
    const bodies = await engineWithoutSessions(answer);
    expect(await build()).toBeNull();
    const { searchParams } = new URL(asked.at(-1)?.url ?? '', 'http://engine');
    expect([searchParams.get('remote'), searchParams.get('session')]).toEqual([null, null]);
    expect(
      Buffer.concat(bodies[0] ?? [])
        .subarray(0, 10)
        .toString(),
    ).toBe('Dockerfile');
  });

  test('carries the context where it can: nothing is uploaded', async () => {
    let uploaded = 0;
    handle = (request, response) =>
      void request.on('data', ({ length }) => (uploaded += Number(length))).on('end', () => response.end(imageLine));
    expect(await build()).toBeNull();
    const { searchParams } = new URL(asked.at(-1)?.url ?? '', 'http://engine');
    expect(searchParams.get('remote')).toBe('client-session');
    expect(uploaded).toBe(0);
  });

  test('that the engine does not open in time is given up when the build is', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    await engineWithoutSessions(() => stop.abort(reason));
    const request = buildRequest({ Dockerfile: 'FROM scratch' });
    await expect(open().builder.build(request, () => undefined, stop.signal)).rejects.toBe(reason);
    expect(asked.map(({ url }) => url)).toEqual(['/session']);
  });
});

describe('the engine', () => {
  test('that does not answer a ping within five seconds is unavailable', async () => {
    const clock = manualClock();
    handle = () => clock.advance(5_000);
    expect(await failure(open(clock).ping())).toMatchObject({ code: 'engine-unavailable' });
  });

  test('that breaks off in the middle of an answer is unavailable', async () => {
    handle = breakOff('{"Id":');
    expect(await failure(open().images.find('x:1'))).toMatchObject({ code: 'engine-unavailable' });
  });

  test('that is not there is unavailable, and the message says why', async () => {
    const nowhere = {
      host: `unix://${folder}/none`,
      tls: null,
      credentials: null,
      clock: manualClock(),
      log: keptLog(),
    };
    const error = await failure(createEngine(nowhere).ping());
    expect(error).toMatchObject({ code: 'engine-unavailable' });
    expect(error?.message).toContain('ENOENT');
  });

  test('cannot be asked for a base image in time: its digest is not known', async () => {
    const clock = manualClock();
    handle = (request, response) => {
      if (request.url?.startsWith('/distribution/')) clock.advance(5_000);
      else response.writeHead(404).end('{"message":"none"}');
    };
    expect(await open(clock).images.resolveBase('registry.abc.net/base:1')).toBeNull();
  });

  test('prunes only what Slipway made and nobody uses, and what is old', async () => {
    handle = say(200, '{}');
    await open().prune(90_500);
    const filters = asked.map(({ url }) => {
      const { pathname, searchParams } = new URL(url ?? '', 'http://engine');
      return [pathname, JSON.parse(searchParams.get('filters') ?? '')];
    });
    expect(filters).toEqual([
      ['/images/prune', { dangling: ['true'], label: ['dev.slipway.service'], until: ['91s'] }],
      ['/build/prune', { until: ['91s'] }],
    ]);
  });

  test('is asked once what it builds for, and again where it did not say', async () => {
    const engine = open();
    handle = say(500, '{"message":"not now"}');
    expect(await failure(engine.platform())).toMatchObject({ code: 'engine-error' });
    handle = say(200, '{"Os":"linux","Arch":"arm64"}');
    expect(await Promise.all([engine.platform(), engine.platform()])).toEqual(['linux/arm64', 'linux/arm64']);
    expect(await engine.platform()).toBe('linux/arm64');
    expect(asked.map(({ url }) => url)).toEqual(['/version', '/version']);
  });

  test('is the one that was named, whatever the environment says', async () => {
    handle = say(200, 'OK');
    const before = process.env['DOCKER_HOST'];
    process.env['DOCKER_HOST'] = 'tcp://127.0.0.1:1';
    try {
      await open().ping();
    } finally {
      if (before === undefined) delete process.env['DOCKER_HOST'];
      else process.env['DOCKER_HOST'] = before;
    }
  });

  test('receives the credentials only for their own registry', async () => {
    handle = say(404, '{"message":"none"}');
    const credentials = { host: 'registry.abc.net', username: 'ü', password: 'p?>' };
    const engine = createEngine({
      host: `unix://${folder}/s`,
      tls: null,
      credentials,
      clock: manualClock(),
      log: keptLog(),
    });
    await failure(engine.images.push('registry.abc.net/app:1', () => undefined, never));
    await failure(engine.images.push('elsewhere.test/app:1', () => undefined, never));
    const sent = asked.map(({ headers }) =>
      JSON.parse(Buffer.from(String(headers['x-registry-auth']), 'base64url').toString()),
    );
    expect(sent).toEqual([{ username: 'ü', password: 'p?>', serveraddress: 'registry.abc.net' }, {}]);
    expect(String(asked[0]?.headers['x-registry-auth'])).toMatch(/^[A-Za-z0-9_-]+={0,2}$/);
  });

  test.each([
    ['a push that ends without a digest', '{"status":"Preparing","id":"1"}\n', 'engine-unavailable'],
    [
      'a push that the registry refuses',
      '{"errorDetail":{"message":"manifest invalid"},"error":"x"}\n',
      'registry-refused',
    ],
  ])('%s is no success', async (_, lines, code) => {
    handle = say(200, lines);
    expect(await failure(open().images.push('r.test/a:1', () => undefined, never))).toMatchObject({ code });
  });
});

test.each(['ssh://host', 'npipe:////./pipe/docker_engine', 'host:2375', ''])(
  '%j is no address of an engine',
  (host) => {
    expect(() => connectEngine(host, null)).toThrow(expect.objectContaining({ code: 'invalid-configuration' }));
  },
);
