import type { AccessToken } from '../../../src/access.js';
import { createDeploying } from '../../../src/operations/deploy/deploying.js';
import { createWaiting } from '../../../src/operations/waiting.js';
import { Secret } from '../../../src/secret.js';
import { head, live } from '../../contracts/store-samples.js';
import { bearer, openTestApp, type TestApp } from '../../support/app.js';
import { openDeploying, type TestDeploying } from '../../support/deploying.js';

const token = (name: string, environments: readonly string[] | null = null): AccessToken => ({
  ...{ name, token: new Secret(name), scopes: ['deploy'], environments },
});
const reader: AccessToken = { ...token('reader'), scopes: ['read'] };
const tokens = [token('deployer'), token('ops'), token('stager', ['staging']), reader];

let under: TestDeploying;
let server: TestApp;
beforeEach(async () => {
  const window = "[{ days: [wed], from: '20:00', to: '23:00', zone: UTC }]";
  under = await openDeploying({ environment: `approvals: 1\nwindow: ${window}` });
  const { store, clock, events, observations, deps } = under;
  const environments = deps.environments;
  server = await openTestApp({
    ...{ store, clock, events, observations, environments, services: deps.services, tokens: () => tokens },
    deploying: createDeploying(deps),
    waiting: createWaiting({ store, clock, environments, concurrency: () => 1, lowDisk: async () => null }),
  });
  await under.release(head('a'));
});
afterEach(async () => {
  await server.close();
  await under.close();
});

type Body = Record<string, unknown>;
async function call(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body: Body | null = null,
  as = 'deployer',
) {
  const answer = await server.app.inject({
    ...{ method, url: `/api/v1${path}`, headers: bearer(as) },
    ...(body !== null && { payload: body }),
  });
  return { status: answer.statusCode, body: (answer.body === '' ? null : answer.json()) as Body };
}
const ticket = { service: 'web', environment: 'production', release: 1 };
const ask = async () => String((await call('POST', '/deployments', ticket)).body['id']);
const approve = (id: string, as: string) => call('POST', `/deployments/${id}/approve`, null, as);
const hold = (body: Body = { reason: 'the year ends' }, as = 'ops', environment = 'production') =>
  call('PUT', `/environments/${environment}/hold`, body, as);
const lift = (as = 'ops') => call('DELETE', '/environments/production/hold', null, as);
const shown = async () => (await call('GET', '/environments/production')).body;
const later = () => new Date(under.clock.now() + 60_000).toISOString();

describe('a hold', () => {
  test('is shown until it is lifted', async () => {
    const until = later();
    const held = { by: 'ops', reason: 'the year ends', until };
    expect(await hold({ reason: 'the year ends', until })).toEqual({ status: 200, body: held });
    expect((await shown())['hold']).toEqual(held);
    const [listed] = ((await call('GET', '/environments')).body['environments'] as Body[]).slice(-1);
    expect(listed).toMatchObject({ name: 'production', hold: held });
    expect([await lift(), await lift()]).toEqual([
      { status: 204, body: null },
      { status: 204, body: null },
    ]);
    expect((await shown())['hold']).toBeNull();
    expect(under.happened.filter(({ type }) => type === 'hold')).toHaveLength(2);
  });

  test.each<[string, Body]>([
    ['without a reason', {}],
    ['with an empty one', { reason: '' }],
    ['with a time that is over', { reason: 'no', until: '2020-01-01T00:00:00Z' }],
    ['with no time', { reason: 'no', until: 'tomorrow' }],
    ['with more', { reason: 'no', till: '2050-01-01T00:00:00Z' }],
  ])('%s is refused', async (_, body) => {
    expect(await hold(body)).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    expect((await shown())['hold']).toBeNull();
  });

  test('needs a token that may deploy there', async () => {
    const answers = [await hold({ reason: 'no' }, 'stager'), await hold({ reason: 'no' }, 'reader')];
    expect([...answers, await lift('stager'), await lift('reader')].map(({ status }) => status)).toEqual([
      ...[403, 403, 403, 403],
    ]);
    expect((await hold({ reason: 'no' }, 'stager', 'staging')).status).toBe(200);
    expect(await hold({ reason: 'no' }, 'ops', 'prod')).toMatchObject({
      status: 404,
      body: { code: 'unknown-environment' },
    });
  });

  test('and an approval are in the audit list', async () => {
    await hold();
    await approve(await ask(), 'ops');
    const { items } = await under.store.audit.page({ limit: 10, cursor: null });
    expect(items.filter(({ by }) => by === 'ops')).toMatchObject([
      { method: 'POST', route: '/api/v1/deployments/:id/approve', status: 202 },
      { method: 'PUT', route: '/api/v1/environments/:environment/hold', status: 200 },
    ]);
  });
});

describe('an approval', () => {
  test('is shown, and counts a token once', async () => {
    const id = await ask();
    const at = new Date(under.clock.now()).toISOString();
    for (let times = 0; times < 2; times += 1)
      expect(await approve(id, 'ops')).toMatchObject({ status: 202, body: { id, approvals: [{ by: 'ops', at }] } });
    expect(under.happened.filter((event) => event.type === 'deployment' && event.id === id)).toHaveLength(3);
  });

  test('by the one that asked is refused', async () => {
    const id = await ask();
    expect(await approve(id, 'deployer')).toMatchObject({ status: 409, body: { code: 'approval-by-requester' } });
    expect((await call('GET', `/deployments/${id}`)).body['approvals']).toEqual([]);
  });

  test('of what has ended, or is not there, is refused', async () => {
    const id = await ask();
    await call('POST', `/deployments/${id}/cancel`);
    expect(await approve(id, 'ops')).toMatchObject({ status: 409, body: { code: 'deployment-finished' } });
    expect(await approve('nothing', 'ops')).toMatchObject({ status: 404, body: { code: 'unknown-deployment' } });
  });

  test('needs a token that may deploy there', async () => {
    const id = await ask();
    expect([(await approve(id, 'stager')).status, (await approve(id, 'reader')).status]).toEqual([403, 403]);
  });

  test('of a release that is not known yet is not noted', async () => {
    const build = { id: 'b', branch: 'main' };
    const id = await ask();
    const waits = {
      ...(await under.store.deployments.get(id)),
      id: 'waits',
      release: null,
      specification: null,
      build,
    };
    await under.store.deployments.add({ ...waits, kind: 'deployment' } as never, 1);
    expect(await approve('waits', 'ops')).toMatchObject({ status: 202, body: { approvals: [] } });
  });
});

test('a deployment at its gate says what it waits for', async () => {
  const id = await ask();
  await live(under.store, 'w');
  const attempt = await under.store.deployments.claim(id, 'w', 6000);
  if (attempt !== null) await under.store.deployments.waitAtGate(attempt, 'pending');
  const waitingFor = async () => (await call('GET', `/deployments/${id}`)).body['waitingFor'];
  expect(await waitingFor()).toEqual({
    ...{ code: 'approval', message: '0 of 1 approvals by other tokens than deployer.', until: null },
  });
  const until = later();
  await hold({ reason: 'no', until });
  expect(await waitingFor()).toEqual({ code: 'hold', message: 'ops holds production: no', until });
  await lift();
  await approve(id, 'ops');
  expect(await waitingFor()).toMatchObject({ code: 'window', until: expect.stringMatching(/T20:00:00\.000Z$/) });
});

test('a plan lists the gates that are closed, and that of a rollback none', async () => {
  await hold();
  const planned = await call('POST', '/deployments', { ...ticket, dryRun: true }, 'reader');
  expect((planned.body['gates'] as Body[]).map(({ code }) => code)).toEqual(['hold', 'approval', 'window']);
  for (const number of [1, 2]) {
    if (number === 2) await under.release(head('b'));
    const { body } = await call('POST', '/deployments', { ...ticket, release: number });
    await under.ends({ id: String(body['id']) });
  }
  const back = await call('POST', '/environments/production/services/web/rollback', { dryRun: true });
  expect([back.status, back.body['gates']]).toEqual([200, []]);
});

test('an environment shows its window', async () => {
  const window = (await shown())['window'];
  expect(window).toEqual({ open: false, opensAt: expect.stringMatching(/T20:00:00\.000Z$/), closesAt: null });
  under.clock.advance(Date.parse(String((window as Body)['opensAt'])) - under.clock.now());
  const opened = (await shown())['window'];
  expect(opened).toEqual({ open: true, opensAt: null, closesAt: expect.stringMatching(/T23:00:00\.000Z$/) });
  expect((await call('GET', '/environments/staging')).body['window']).toBeNull();
});
