/** Whether a registry whose name is not found is away or does not exist. */
import { writeMessage } from '../../../src/engine/bytes/wire.js';
import { createEngine } from '../../../src/engine/docker/engine.js';
import { buildRequest, never } from '../../support/engine.js';
import { failureOf } from '../../support/failure-of.js';
import { keptLog } from '../../support/kept-log.js';
import { manualClock } from '../../support/manual-clock.js';
import { scriptedServer, type ScriptedServer } from '../../support/scripted-server.js';

let server: ScriptedServer;
let isFound: boolean;

const image = 'registry.abc.net/base:1';
const words = `dial tcp: lookup registry.abc.net on 127.0.0.11:53: no such host`;
const time = (seconds: number) => writeMessage([[1, seconds]]);

/** What the engine says of a build that gets its base image, or does not. */
function output(): string {
  const vertex = writeMessage([
    [1, 'sha256:a'],
    [3, `[internal] load metadata for ${image}`],
    [5, time(1)],
    [6, time(2)],
    [7, isFound ? '' : words],
  ]);
  const aux = writeMessage([[1, vertex]]).toString('base64');
  const end = isFound
    ? { id: 'moby.image.id', aux: { ID: `sha256:${'1'.repeat(64)}` } }
    : { errorDetail: { message: words }, error: words };
  return [{ id: 'moby.buildkit.trace', aux }, end].map((line) => `${JSON.stringify(line)}\n`).join('');
}

beforeEach(async () => {
  isFound = false;
  server = await scriptedServer(({ path }) => {
    if (path.includes('/build')) return { status: 200, body: output() };
    return { status: isFound ? 200 : 404, body: JSON.stringify({ Id: 'x', Descriptor: { digest: 'sha256:x' } }) };
  });
});

afterEach(() => server.close());

const open = (registries: readonly string[] = []) =>
  createEngine({
    host: `tcp://${server.host}`,
    tls: null,
    credentials: null,
    registries,
    clock: manualClock(),
    log: keptLog(),
  });
const request = () => ({ ...buildRequest({ Dockerfile: `FROM ${image}` }), secrets: {} });

test('one that nobody has heard of is the fault of the Dockerfile', async () => {
  const error = await failureOf(open().builder.build(request(), () => undefined, never));
  expect(error).toMatchObject({ code: 'base-image-not-found', blame: 'dockerfile' });
});

test('the configured one is away', async () => {
  const error = await failureOf(open(['registry.abc.net']).builder.build(request(), () => undefined, never));
  expect(error).toMatchObject({ code: 'registry-unavailable', retryable: true, blame: 'registry' });
});

test('one that gave a build its base image is away', async () => {
  const engine = open();
  isFound = true;
  await engine.builder.build(request(), () => undefined, never);
  isFound = false;
  expect(await failureOf(engine.builder.build(request(), () => undefined, never))).toMatchObject({
    code: 'registry-unavailable',
  });
});

test('one whose image the engine has is away', async () => {
  const engine = open();
  isFound = true;
  await engine.images.resolveBase('registry.abc.net/other:1');
  isFound = false;
  expect(await failureOf(engine.builder.build(request(), () => undefined, never))).toMatchObject({
    code: 'registry-unavailable',
  });
});
