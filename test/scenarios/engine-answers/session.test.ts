import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2';
import { connect, createServer, type Socket } from 'node:net';
import { authCredentials } from '../../../src/engine/session/auth.js';
import { healthCheck } from '../../../src/engine/session/health.js';
import type { SessionMethod } from '../../../src/engine/session/method.js';
import { buildSecrets } from '../../../src/engine/session/secrets.js';
import { serveSession } from '../../../src/engine/session/server.js';
import { SlipwayError } from '../../../src/errors.js';
import { readFields, writeMessage } from '../../../src/engine/bytes/wire.js';
import { Secret } from '../../../src/secret.js';
import { message } from '../../support/http2-frames.js';
import { keptLog } from '../../support/kept-log.js';

const secrets = { npmrc: new Secret('//registry.test/:_authToken=été\n'), empty: new Secret('') };
const credentials = { host: 'registry.abc.net', username: 'slipway', password: 'secret' };

/** Says each message back, with the values of the header `names` in between. */
const echo: SessionMethod = {
  path: '/test/Echo',
  async serve(call) {
    for await (const message of call.messages) {
      await call.send(message);
      await call.send(Buffer.from(JSON.stringify(call.metadata('names'))));
    }
  },
};

const failing: SessionMethod = {
  path: '/test/Fail',
  async serve() {
    throw new Error('the file is gone');
  },
};

/** A name of bytes that are no UTF-8, and one that is. */
const oddlyNamed: SessionMethod = {
  path: '/test/OddlyNamed',
  async serve() {
    throw new SlipwayError('internal', 'no \uDCE9 \u{1F600} %');
  },
};

interface Answer {
  readonly status: string;
  readonly messages: readonly Buffer[];
}

let engine: ClientHttp2Session;
let ends: Socket[] = [];

beforeEach(async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const ours = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  const [theirs] = (await once(server, 'connection')) as [Socket];
  ends = [ours, theirs];
  server.close();
  const methods = [healthCheck, authCredentials(credentials), buildSecrets(secrets), echo, failing, oddlyNamed];
  serveSession(ours, methods, keptLog());
  engine = connectHttp2('http://engine', { createConnection: () => theirs, maxSendHeaderBlockLength: 1 << 20 });
});

afterEach(() => {
  engine.destroy();
  for (const socket of ends) socket.destroy();
});

const frame = (body: Buffer): Buffer => message(body);

/** Calls a method as the engine does; `pieces` are what it writes. */
async function call(
  path: string,
  pieces: readonly Buffer[],
  headers: Record<string, string | string[]> = {},
): Promise<Answer> {
  const stream = engine.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', ...headers });
  let status = '';
  stream.on('response', (response) => (status ||= String(response['grpc-status'] ?? '')));
  stream.on('trailers', (trailers) => (status = String(trailers['grpc-status'])));
  for (const piece of pieces) stream.write(piece);
  stream.end();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const messages: Buffer[] = [];
  for (let rest = Buffer.concat(chunks); rest.length > 0; rest = rest.subarray(5 + rest.readUInt32BE(1))) {
    messages.push(rest.subarray(5, 5 + rest.readUInt32BE(1)));
  }
  return { status, messages };
}

const texts = (message: Buffer | undefined) =>
  Array.from(readFields(message ?? Buffer.alloc(0)), ({ number, value }) => [number, String(value)]);

describe('a build session', () => {
  test('says that it is well', async () => {
    const { status, messages } = await call('/grpc.health.v1.Health/Check', [frame(Buffer.alloc(0))]);
    expect(status).toBe('0');
    expect(texts(messages[0])).toEqual([[1, '1']]);
  });

  test.each([
    [
      'registry.abc.net',
      [
        [1, 'slipway'],
        [2, 'secret'],
      ],
    ],
    ['registry-1.docker.io', []],
    ['registry.abc.net.evil.example', []],
  ])('tells %s the credentials %j', async (host, expected) => {
    const { status, messages } = await call('/moby.filesync.v1.Auth/Credentials', [frame(writeMessage([[1, host]]))]);
    expect(status).toBe('0');
    expect(texts(messages[0])).toEqual(expected);
  });

  const askForSecret = (id: string) =>
    call('/moby.buildkit.secrets.v1.Secrets/GetSecret', [frame(writeMessage([[1, id]]))]);

  test('gives the secret of an id, byte for byte', async () => {
    const { status, messages } = await askForSecret('npmrc');
    expect(status).toBe('0');
    expect(texts(messages[0])).toEqual([[1, '//registry.test/:_authToken=été\n']]);
    expect((await askForSecret('empty')).status).toBe('0');
  });

  test.each(['other', '', 'npmrc ', 'NPMRC', '__proto__', 'toString'])(
    'answers NOT_FOUND for the secret %j, which nobody set',
    async (id) => {
      expect(await askForSecret(id)).toEqual({ status: '5', messages: [] });
    },
  );

  test('answers a method that it does not serve with UNIMPLEMENTED, and goes on', async () => {
    expect((await call('/moby.filesync.v1.Auth/FetchToken', [frame(Buffer.from('x'))])).status).toBe('12');
    expect((await call('/grpc.health.v1.Health/Check', [frame(Buffer.alloc(0))])).status).toBe('0');
  });

  test('tells the engine that a call failed', async () => {
    expect((await call('/test/Fail', [])).status).toBe('2');
  });

  test('tells it too where a message names a path that is not UTF-8', async () => {
    const stream = engine.request({ ':method': 'POST', ':path': oddlyNamed.path, 'content-type': 'application/grpc' });
    const [trailers] = (await once(stream.resume().end(), 'trailers')) as [IncomingHttpHeaders];
    expect(trailers['grpc-status']).toBe('2');
    expect(decodeURIComponent(String(trailers['grpc-message']))).toBe('no \uFFFD \u{1F600} %');
  });

  test('keeps repeated headers apart and messages whole, however they are cut up', async () => {
    const bytes = Buffer.concat([frame(Buffer.from('one')), frame(Buffer.alloc(100_000, 'x'))]);
    const pieces = [bytes.subarray(0, 3), bytes.subarray(3, 10), bytes.subarray(10, 70_000), bytes.subarray(70_000)];
    const { status, messages } = await call('/test/Echo', pieces, { names: ['a, b', 'c'] });
    expect(status).toBe('0');
    expect(messages.map(({ length }) => length)).toEqual([3, 12, 100_000, 12]);
    expect(JSON.parse(String(messages[1]))).toEqual(['a, b', 'c']);
  });

  test.each([
    ['claims four gigabytes', message(Buffer.from('x'), 0xffffffff)],
    ['is compressed', message(Buffer.from('x'), 1, 1)],
  ])('tells the engine that a call failed whose message %s, and goes on', async (_, bytes) => {
    expect((await call('/test/Echo', [bytes])).status).toBe('2');
    expect((await call('/grpc.health.v1.Health/Check', [frame(Buffer.alloc(0))])).status).toBe('0');
  });

  test('hears every pattern of a long .dockerignore', async () => {
    const names = Array.from({ length: 2000 }, (_, at) => `**/some/folder/number-${at}/*.generated.txt`);
    const { status, messages } = await call('/test/Echo', [frame(Buffer.from('one'))], { names });
    expect(status).toBe('0');
    expect(JSON.parse(String(messages[1]))).toEqual(names);
  });
});
