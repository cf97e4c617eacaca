/** Names that are not references: they come out of Dockerfiles, and would become paths of the engine's API. */
import { createEngine } from '../../../src/engine/docker/engine.js';
import type { EngineImages } from '../../../src/engine/contract.js';
import { failureOf } from '../../support/failure-of.js';
import { never } from '../../support/engine.js';
import { keptLog } from '../../support/kept-log.js';
import { manualClock } from '../../support/manual-clock.js';
import { scriptedServer, type ScriptedServer } from '../../support/scripted-server.js';

let server: ScriptedServer;
let images: EngineImages;
const id = `sha256:${'1'.repeat(64)}`;

beforeEach(async () => {
  server = await scriptedServer(() => ({ status: 200, body: JSON.stringify({ Id: id }) }));
  const host = `tcp://${server.host}`;
  ({ images } = createEngine({ host, tls: null, credentials: null, clock: manualClock(), log: keptLog() }));
});

afterEach(() => server.close());

describe.each([
  '',
  '/node:20',
  '//evil.example/x',
  'registry.abc.net/../../containers',
  '../containers/json?all=1#',
  'registry.abc.net/%2e%2e/x',
  'Base:1',
  'base\r\nX-Evil: 1',
  'sha256:1\0',
])('the engine is asked nothing about %j', (name) => {
  test('that it would have to find, resolve, pull, tag, push or remove', async () => {
    expect(await images.find(name)).toBeNull();
    expect(await images.resolveBase(name)).toBeNull();
    expect(await failureOf(images.pull(name, never))).toMatchObject({ code: 'base-image-not-found' });
    expect(await failureOf(images.tag(id, name))).toMatchObject({ code: 'internal' });
    expect(await failureOf(images.tag(name, 'registry.abc.net/app:1'))).toMatchObject({ code: 'internal' });
    expect(await failureOf(images.push(name, () => undefined, never))).toMatchObject({ code: 'internal' });
    await images.remove(name);
    expect(server.requests).toEqual([]);
  });
});

test.each(['base', 'registry.abc.net:5000/a/b:1', id, `base@${id}`])('the engine is asked about %j', async (name) => {
  expect(await images.find(name)).toBe(id);
  const [request] = server.requests;
  expect(decodeURIComponent(request?.path ?? '')).toBe(`/images/${name}/json`);
});
