import { createWaiting } from '../../../src/operations/waiting.js';
import {
  asReader,
  must,
  openTestApp,
  pushPayload,
  queueBuild,
  sha,
  signed,
  succeed,
  type TestApp,
} from '../../support/app.js';
import { claim as claimOldest } from '../../contracts/store-samples.js';
import { openTempStore } from '../../support/store.js';
import { manualClock } from '../../support/manual-clock.js';

let server: TestApp;
beforeAll(async () => {
  server = await openTestApp();
});
beforeEach(() => server.renew());
afterAll(() => server.close());

/** The clock of the server stands here. */
const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const get = async (url: string, { app } = server) => (await app.inject({ url, headers: asReader })).json();
const waitingOf = async (id: string) => (await get(`/api/v1/builds/${id}`)).waitingFor;
const claim = async () => must(await claimOldest(server.store));

test('a build that may start waits for nothing', async () => {
  const { id } = await queueBuild(server.store);
  expect(await waitingOf(id)).toBeNull();
  const build = await claim();
  expect(await waitingOf(id)).toBeNull();
  await server.store.queue.finish(build, { status: 'canceled' }, now, []);
  expect(await waitingOf(id)).toBeNull();
});

test('a build of a service that is being built waits for that', async () => {
  const first = await queueBuild(server.store);
  await claim();
  const { id } = await queueBuild(server.store, { commit: sha('b') });
  const waitingFor = { code: 'service-busy', message: `Build ${first.id} of java-service-1 is running.`, until: null };
  expect(await waitingOf(id)).toEqual(waitingFor);
  expect((await get('/api/v1/builds?status=queued')).builds).toMatchObject([{ id, waitingFor }]);
  const [branch] = (await get('/api/v1/services')).services[0].branches;
  expect(branch.lastBuild).toMatchObject({ id, waitingFor });
});

test('queued builds have places in the line: those that may begin come first', async () => {
  await queueBuild(server.store);
  await claim();
  const busy = await queueBuild(server.store, { commit: sha('b') });
  const free = await queueBuild(server.store, { service: 'java-service-2' });
  const positionOf = async (id: string) => (await get(`/api/v1/builds/${id}`)).position;
  expect([await positionOf(free.id), await positionOf(busy.id)]).toEqual([1, 2]);
  await claim();
  expect([await positionOf(free.id), await positionOf(busy.id)]).toEqual([null, 1]);
});

test('a build for which there is no slot waits for one', async () => {
  for (const service of ['java-service-1', 'java-service-2']) await queueBuild(server.store, { service });
  await claim();
  await claim();
  const { id } = await queueBuild(server.store, { service: 'third' });
  expect(await waitingOf(id)).toMatchObject({
    code: 'slot',
    message: expect.stringContaining('engine.concurrency: 2'),
  });
});

test('a build in a burst of pushes waits for its end', async () => {
  const { id } = await queueBuild(server.store, { notBefore: now + 500 });
  expect(await waitingOf(id)).toMatchObject({ code: 'burst', until: '2026-01-02T03:04:05.500Z' });
});

test('a build that is tried again says what failed and when it goes on', async () => {
  const { id } = await queueBuild(server.store);
  const build = await claim();
  const waitedOut = { code: 'registry-unavailable', message: 'The registry does not answer.' } as const;
  await server.store.queue.progress(build, { waitedOut });
  await server.store.queue.putBack(build, now + 8000, true);
  expect(await waitingOf(id)).toEqual({ ...waitedOut, until: '2026-01-02T03:04:13.000Z' });
});

test('a build waits for a free disk, and for its base first', async () => {
  const temp = await openTempStore();
  const { store } = temp;
  const lowDisk = async () => '1 MiB are free.';
  const environments = () => new Map();
  const waiting = createWaiting({ store, clock: manualClock(now), concurrency: () => 1, lowDisk, environments });
  const full = await openTestApp({ store, waiting });
  const { id: base } = await queueBuild(store, { service: 'base' });
  const { id } = await queueBuild(store, { service: 'app' });
  const edge = { service: 'app', branch: 'main', reference: 'r/base:main', base: 'base', baseBranch: 'main' };
  await store.bases.replace('app', 'main', [edge]);
  const [app, under] = (await get('/api/v1/builds', full)).builds;
  expect(app).toMatchObject({
    id,
    waitingFor: { code: 'base-building', message: expect.stringContaining('base on main') },
  });
  expect(under).toMatchObject({ id: base, waitingFor: { code: 'low-disk', message: '1 MiB are free.', until: null } });
  await succeed(store);
  expect((await get(`/api/v1/builds/${id}`, full)).waitingFor).toMatchObject({ code: 'low-disk' });
  await full.close();
  await temp.close();
});

test('a delivery whose look is put off says what for, and so do those that joined it', async () => {
  const deliver = (id: string) => server.app.inject(signed('push', pushPayload(), { 'x-github-delivery': id }));
  await deliver('d-1');
  await deliver('d-2');
  expect(await get('/api/v1/deliveries/d-1')).not.toHaveProperty('waitingFor');
  const [look] = await server.store.looks.due(now, 1, []);
  const waitedOut = { code: 'git-unavailable', message: 'The host does not answer.' } as const;
  await server.store.looks.postpone(must(look).id, now + 4000, waitedOut);
  const waitingFor = { ...waitedOut, until: '2026-01-02T03:04:09.000Z' };
  expect(await get('/api/v1/deliveries/d-1')).toMatchObject({ status: 'accepted', waitingFor });
  expect((await get('/api/v1/deliveries')).deliveries).toMatchObject([{ id: 'd-2', waitingFor }, { waitingFor }]);
  await server.store.deliveries.settle('d-1', 'planned', null);
  expect(await get('/api/v1/deliveries/d-1')).not.toHaveProperty('waitingFor');
});
