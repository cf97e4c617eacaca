import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import type { OverviewAnswer, OverviewRow, OverviewState } from '../../../src/operations/overview/contract.js';
import { asReader, openTestApp, queueBuild, service, succeed, type TestApp } from '../../support/app.js';

let server: TestApp;
beforeAll(async () => {
  server = await openTestApp();
});
beforeEach(() => server.renew());
afterAll(() => server.close());

const get = (headers: Record<string, string> = {}, { app } = server) =>
  app.inject({ url: '/api/v1/overview', headers: { ...asReader, ...headers } });

/** An overview whose answer a test gives. */
function scripted(answer: OverviewAnswer) {
  const asked: string[] = [];
  const overview = {
    revision: async () => (asked.push('revision'), answer.revision),
    answer: async () => (asked.push('answer'), answer),
  };
  return { asked, overview };
}

const counts = { failing: 0, running: 0, queued: 0, waitsForArtifact: 0, upToDate: 0, none: 0 };
const nothing: OverviewAnswer = { revision: 'r1', counts, load: { running: 0, queued: 0 }, services: [] };

test('each service is one row, with the counts of all', async () => {
  const build = await queueBuild(server.store);
  await succeed(server.store);
  expect((await get()).json()).toEqual({
    revision: expect.any(String),
    counts: { ...counts, upToDate: 1, none: 1 },
    load: { running: 0, queued: 0 },
    services: [
      {
        ...{ name: 'java-service-1', repository: 'abc/java-service-1', branch: 'main', head: build.commit },
        ...{ commit: build.commit, tag: '1.0.0-1-aaaaaaa', digest: 'sha256:1', state: 'built' },
        ...{ at: '2026-01-02T03:05:01.000Z', sentence: 'There is no image of main yet.', buildId: build.id },
        ...{ step: null, startedAt: null, expectedMs: 1000, outcomes: 'b', drift: false },
      },
      {
        ...{ name: 'java-service-2', repository: 'abc/java-service-1', branch: 'main', head: null },
        ...{ commit: null, tag: null, digest: null, state: 'none', at: null },
        ...{ sentence: 'Nothing has been built yet.', buildId: null, step: null, startedAt: null },
        ...{ expectedMs: null, outcomes: '', drift: false },
      },
    ],
  });
});

test('a client that has the answer gets 304, and no service is read', async () => {
  const { asked, overview } = scripted(nothing);
  const own = await openTestApp({ overview });
  const first = await get({}, own);
  const etag = String(first.headers['etag']);
  expect([first.statusCode, etag, first.headers['cache-control']]).toEqual([200, 'W/"r1"', 'private, no-cache']);
  asked.length = 0;
  for (const known of [etag, '"r1"', `"other", ${etag}`, '*']) {
    const again = await get({ 'if-none-match': known }, own);
    expect([known, again.statusCode, again.body, again.headers['etag']]).toEqual([known, 304, '', etag]);
  }
  expect(asked).toEqual(['revision', 'revision', 'revision', 'revision']);
  expect((await get({ 'if-none-match': 'W/"r0"' }, own)).statusCode).toBe(200);
  await own.close();
});

test('what changes in the store changes the tag', async () => {
  const etag = async () => (await get()).headers['etag'];
  const before = await etag();
  expect(await etag()).toBe(before);
  await queueBuild(server.store);
  const after = await etag();
  expect(after).not.toBe(before);
  expect((await get({ 'if-none-match': String(before) })).json().load).toEqual({ running: 0, queued: 1 });
});

test.each([
  ['gzip, deflate, br', true],
  ['GZIP;q=0.5', true],
  ['*', true],
  ['gzip;q=0, *', false],
  ['br', false],
  ['', false],
])('for a client that takes %j it is compressed: %s', async (accepted, isCompressed) => {
  const { headers, rawPayload, json } = await get({ 'accept-encoding': accepted });
  expect(headers).toMatchObject({ vary: expect.stringContaining('accept-encoding') });
  expect([headers['content-encoding'] ?? null, headers['content-type']]).toEqual([
    isCompressed ? 'gzip' : null,
    'application/json; charset=utf-8',
  ]);
  const body = isCompressed ? JSON.parse(gunzipSync(rawPayload).toString()) : json();
  expect(body.services).toHaveLength(2);
});

test('a thousand services take 150 bytes each on the wire', async () => {
  const services = Array.from({ length: 1000 }, (_, number) => randomRow(number));
  const own = await openTestApp({ overview: scripted({ ...nothing, services }).overview });
  const { rawPayload } = await get({ 'accept-encoding': 'gzip' }, own);
  expect(JSON.parse(gunzipSync(rawPayload).toString()).services).toHaveLength(1000);
  expect(rawPayload.length / 1000).toBeLessThanOrEqual(150);
  await own.close();
});

const pick = <T>(values: readonly [T, ...T[]]): T => values[randomInt(values.length)] ?? values[0];
const words = ['shop', 'cart', 'billing', 'orders', 'search', 'mail', 'stock', 'gate', 'audit', 'price'] as const;

/** A row as unlike the others as rows of a repository with many services are. */
function randomRow(number: number): OverviewRow {
  const commit = randomBytes(20).toString('hex');
  const name = `${pick(words)}-${pick(words)}-${number}`;
  const state = pick<OverviewState>(['built', 'built', 'built', 'reused', 'skipped', 'skipped', 'failed']);
  const skip = `1 path changed, in excluded regions only.`;
  const sentence = state === 'skipped' ? skip : `services/${name}/src/${pick(words)}.java changed.`;
  return {
    ...{ name, repository: 'abc/shop', branch: 'main', commit, state, drift: number % 50 === 0 },
    head: state === 'skipped' ? randomBytes(20).toString('hex') : commit,
    tag: `1.${randomInt(9)}.${randomInt(30)}-${randomInt(200)}-${commit.slice(0, 7)}`,
    digest: `sha256:${randomBytes(32).toString('hex')}`,
    at: Date.UTC(2026, 10, 1 + randomInt(28), randomInt(24), randomInt(60), randomInt(60), randomInt(1000)),
    ...{ sentence, buildId: state === 'skipped' ? null : randomUUID(), step: null, startedAt: null },
    expectedMs: 1000 * randomInt(20, 400),
    outcomes: Array.from({ length: 20 }, () => pick(['b', 'b', 'b', '-', '-', 'r', 'f'])).join(''),
  };
}

test('services are listed by name, whatever their order in the configuration', async () => {
  const named = ['b', 'c', 'a'].map((name) => [name, service({ name })] as const);
  const own = await openTestApp({ services: () => new Map(named) });
  const { services } = (await get({}, own)).json();
  expect(services.map((row: { name: string }) => row.name)).toEqual(['a', 'b', 'c']);
  await own.close();
});
