import { createDeploying } from '../../../src/operations/deploy/deploying.js';
import type { AccessToken } from '../../../src/access.js';
import { Secret } from '../../../src/secret.js';
import { createWaiting } from '../../../src/operations/waiting.js';
import { head, live } from '../../contracts/store-samples.js';
import { fault } from '../../contracts/store-deployment-samples.js';
import { bearer, must, openTestApp, type TestApp } from '../../support/app.js';
import { openDeploying, type TestDeploying } from '../../support/deploying.js';
import { keptRunFile } from '../../support/effective.js';

const token = (name: string, scope: AccessToken['scopes'][number], environments: readonly string[] | null = null) => ({
  ...{ name, token: new Secret(name), scopes: [scope], environments },
});
const accessTokens = [token('reader', 'read'), token('deployer', 'deploy'), token('stager', 'deploy', ['staging'])];

let under: TestDeploying;
let server: TestApp;
let isOpen = false;
beforeEach(async () => {
  isOpen = false;
  under = await openDeploying();
  const { store, clock, events, observations, deps, config } = under;
  server = await openTestApp({
    ...{ store, clock, events, observations, environments: deps.environments, services: deps.services },
    deploying: createDeploying(deps),
    tokens: () => accessTokens,
    anonymousRead: () => isOpen,
    waiting: createWaiting({
      ...{ store, clock, environments: () => config.environments },
      ...{ concurrency: () => 1, lowDisk: async () => null },
    }),
  });
  await under.release(head('a'));
});
afterEach(async () => {
  await server.close();
  await under.close();
});

type Body = Record<string, unknown>;
async function call(method: 'GET' | 'POST' | 'DELETE', path: string, body: Body | null = null, more: Body = {}) {
  const { as = 'deployer', key } = more as { as?: string | null; key?: string };
  const headers = { ...(as !== null && bearer(as)), ...(key !== undefined && { 'idempotency-key': key }) };
  const answer = await server.app.inject({
    ...{ method, url: `/api/v1${path}`, headers },
    ...(body !== null && { payload: body }),
  });
  const isJson = String(answer.headers['content-type']).includes('json');
  return { status: answer.statusCode, headers: answer.headers, body: (isJson ? answer.json() : answer.body) as Body };
}
const ticket = { service: 'web', environment: 'production', release: 1 };
const deploy = (more: Body = {}, headers: Body = {}) => call('POST', '/deployments', { ...ticket, ...more }, headers);
const idOf = async (asked: Promise<{ body: Body }>) => String((await asked).body['id']);
const ends = (id: string) => under.ends({ id });

test('a ticket is answered with the deployment as the contract has it', async () => {
  const answer = await deploy({ reference: 'T-1', reason: 'because', callbackUrl: 'http://ci.abc.net/' });
  const id = String(answer.body['id']);
  expect([answer.status, answer.headers['location']]).toEqual([202, `/api/v1/deployments/${id}`]);
  expect(answer.body).toEqual({
    ...{ id, kind: 'deployment', service: 'web', environment: 'production', status: 'pending' },
    release: { number: 1, branch: 'main', commit: head('a'), tag: '1.0-1-aaaaaaa', digest: `sha256:${'a'.repeat(64)}` },
    ...{ from: null, waitingFor: null, requestedBy: 'deployer', approvals: [], reference: 'T-1', reason: 'because' },
    ...{ force: false, hosts: [], steps: [], error: null, startedAt: null, finishedAt: null, traceId: null },
    warnings: ['no run file: everything has its default', expect.stringContaining('version not asked')],
    createdAt: new Date(under.clock.now()).toISOString(),
  });
  expect((await call('GET', `/deployments/${id}`, null, { as: 'reader' })).body).toEqual(answer.body);
});

test.each<[string, Body, number, string]>([
  ['nothing named', { release: null }, 400, 'invalid-request'],
  ['two things named', { branch: 'main' }, 400, 'invalid-request'],
  ['an unknown field', { relase: 1 }, 400, 'invalid-request'],
  ['no number', { release: 0 }, 400, 'invalid-request'],
  ['an unknown service', { service: 'webb' }, 404, 'unknown-service'],
  ['an unknown environment', { environment: 'prod' }, 404, 'unknown-environment'],
  ['an unknown release', { release: 9 }, 404, 'unknown-release'],
  ['a service that is not deployed there', { service: 'staged' }, 422, 'service-not-in-environment'],
  ['a commit that no release covers', { release: null, commit: head('9') }, 422, 'no-release'],
])('a ticket with %s is refused', async (_, more, status, code) => {
  const answer = await deploy(more);
  expect([answer.status, answer.body['code']]).toEqual([status, code]);
});

test('faults of a run file are in the problem, and a plan with them is an answer', async () => {
  const file = keptRunFile('services: {web: {environment: [MISSING]}}\n');
  await under.release(head('b'), { runFile: file });
  const faults = [
    {
      ...{ code: 'variable-missing', file: 'docker/compose.yaml', line: 1, column: 32, message: expect.any(String) },
      setting: 'environments.production.variables.MISSING',
    },
  ];
  const refused = await deploy({ release: 2 });
  expect([refused.status, refused.body]).toMatchObject([422, { code: 'variable-missing', faults }]);
  const planned = await deploy({ release: 2, dryRun: true });
  expect([planned.status, planned.body['faults']]).toEqual([200, faults]);
});

describe('a plan', () => {
  test('has the members of the contract and records nothing', async () => {
    under.observations.note('production', 'a', { seen: { own: [], foreign: [] } });
    const { status, body } = await deploy({ dryRun: true }, { as: 'reader' });
    expect([status, body]).toMatchObject([
      200,
      {
        ...{ service: 'web', environment: 'production', release: 1, commits: [], gates: [], drift: [], faults: [] },
        rollbackTo: null,
        hosts: [
          { host: 'a', action: 'create', interruptionSeconds: null, image: { from: null } },
          { host: 'b', action: 'unknown' },
        ],
      },
    ]);
    const [host] = body['hosts'] as { parameters: Body[] }[];
    expect(host?.parameters).toContainEqual({
      ...{ name: 'restart', from: null, to: 'always', secret: false },
      origin: { kind: 'default', path: null, line: null, commit: null },
    });
    expect((await call('GET', '/deployments')).body['deployments']).toEqual([]);
  });

  test('needs a token even if anybody may read', async () => {
    isOpen = true;
    expect((await call('GET', '/deployments', null, { as: null })).status).toBe(200);
    expect((await deploy({ dryRun: true }, { as: null })).status).toBe(401);
  });
});

describe('who may deploy', () => {
  const acts = ['rollback', 'restart', 'stop', 'start', 'adopt-observed'];
  const at = '/environments/production/services/web';

  test.each([['reader'], ['stager']])('the token %s may not', async (as) => {
    const id = await idOf(deploy());
    const answers = [
      await deploy({}, { as }),
      await call('POST', `/deployments/${id}/cancel`, null, { as }),
      await call('POST', `/deployments/${id}/retry`, null, { as }),
      ...(await Promise.all(acts.map((act) => call('POST', `${at}/${act}`, null, { as })))),
      await call('DELETE', `${at}?confirm=web`, null, { as }),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
  });

  test('a token with environments may in these', async () => {
    expect((await deploy({ environment: 'staging' }, { as: 'stager' })).status).toBe(202);
  });
});

test('the same key is answered with the same deployment', async () => {
  const [one, other] = [await deploy({}, { key: 'k' }), await deploy({}, { key: 'k' })];
  expect(other.body['id']).toBe(one.body['id']);
  expect((await deploy({ force: true }, { key: 'k' })).body['code']).toBe('idempotency-conflict');
});

test('deployments are listed newest first, filtered, in pages', async () => {
  const staging = await idOf(deploy({ environment: 'staging' }));
  const first = await idOf(deploy());
  await ends(first);
  const second = await idOf(deploy());
  const list = async (query: string) => {
    const { body } = await call('GET', `/deployments${query}`);
    return { ids: (body['deployments'] as Body[]).map(({ id }) => id), next: body['nextCursor'] };
  };
  expect((await list('')).ids).toEqual([second, first, staging]);
  expect((await list('?environment=staging')).ids).toEqual([staging]);
  expect((await list('?service=web&status=succeeded')).ids).toEqual([first]);
  const page = await list('?limit=2');
  expect((await list(`?limit=2&cursor=${String(page.next)}`)).ids).toEqual([staging]);
  expect((await call('GET', '/deployments?status=done')).status).toBe(400);
});

test('what a deployment waits for is shown', async () => {
  const running = await idOf(deploy());
  await live(under.store, 'w');
  await under.store.deployments.claim(running, 'w', 1);
  const { body } = await deploy();
  expect(body['waitingFor']).toEqual({ code: 'deployment', message: expect.stringContaining(running), until: null });
  await under.queued(under.web.commit({ 'docker/Dockerfile': 'FROM scratch\n' }));
  const building = await deploy({ release: null, branch: 'main' });
  expect(building.body).toMatchObject({ status: 'pending', release: null, waitingFor: { code: 'build', until: null } });
});

test('a failed deployment shows its error', async () => {
  const id = await idOf(deploy());
  await under.ends({ id }, { status: 'failed', error: fault('container-crashed'), blocks: true });
  expect((await call('GET', `/deployments/${id}`)).body).toMatchObject({
    status: 'failed',
    error: { code: 'container-crashed', message: 'It did not work.', host: 'a', blame: 'service' },
    finishedAt: '1970-01-01T00:00:07.000Z',
  });
  expect((await deploy()).body).toMatchObject({ code: 'release-blocked', status: 409 });
  expect((await call('POST', `/deployments/${id}/retry`)).body).toMatchObject({ code: 'release-blocked' });
  const again = await call('POST', `/deployments/${id}/retry`, { force: true });
  expect([again.status, again.headers['location']]).toEqual([202, `/api/v1/deployments/${String(again.body['id'])}`]);
});

test('a client may wait for the end', async () => {
  const id = await idOf(deploy());
  expect((await call('GET', `/deployments/${id}?wait=0.01`)).body['status']).toBe('pending');
  const waits = call('GET', `/deployments/${id}?wait=60`);
  await ends(id);
  under.events.publish({ type: 'deployment', id, service: 'web', environment: 'production', status: 'succeeded' });
  expect((await waits).body['status']).toBe('succeeded');
});

test('its log is read, or followed until it ends', async () => {
  const id = await idOf(deploy());
  await live(under.store, 'w');
  const claimed = must(await under.store.deployments.claim(id, 'w', 1));
  await under.store.deployments.log(claimed, 'first\n');
  expect((await call('GET', `/deployments/${id}/log`)).body).toBe('first\n');
  const follows = call('GET', `/deployments/${id}/log?follow=true`);
  await under.store.deployments.log(claimed, 'last\n');
  await under.store.deployments.finish(claimed, { status: 'canceled', error: null }, 2);
  under.events.publish({ type: 'log', id });
  expect((await follows).body).toBe('first\nlast\n');
});

test('the chunks of its log are read from a number on', async () => {
  const id = await idOf(deploy());
  await live(under.store, 'w');
  const claimed = must(await under.store.deployments.claim(id, 'w', 1));
  await under.store.deployments.log(claimed, 'first\n');
  await under.store.deployments.log(claimed, 'last\n', { at: 7, step: 2 });
  const answer = await call('GET', `/deployments/${id}/log?format=chunks&from=1`);
  expect(answer.body).toEqual({ number: 1, at: '1970-01-01T00:00:00.007Z', step: 2, text: 'last\n' });
  expect(answer.headers['slipway-log-next']).toBe('2');
});

test('a deployment is canceled once', async () => {
  const id = await idOf(deploy());
  const first = await call('POST', `/deployments/${id}/cancel`);
  expect([first.status, first.body['status']]).toEqual([202, 'canceled']);
  expect((await call('POST', `/deployments/${id}/cancel`)).body).toMatchObject({
    code: 'deployment-finished',
    status: 409,
  });
});

test.each(['', '/log', '?wait=1'])('an unknown id is a 404: %s', async (more) => {
  const { status, body } = await call('GET', `/deployments/none${more}`);
  expect([status, body['code']]).toEqual([404, 'unknown-deployment']);
});

describe('what is done with a service that is deployed', () => {
  const at = '/environments/production/services/web';
  beforeEach(async () => {
    await ends(await idOf(deploy()));
  });

  test.each(['restart', 'stop', 'start'])('%s', async (kind) => {
    const { status, headers, body } = await call('POST', `${at}/${kind}`);
    expect([status, body]).toMatchObject([202, { kind, release: { number: 1 }, from: { number: 1 } }]);
    expect(headers['location']).toBe(`/api/v1/deployments/${String(body['id'])}`);
  });

  test('rollback', async () => {
    expect((await call('POST', `${at}/rollback`)).body).toMatchObject({ code: 'rollback-impossible', status: 409 });
    await under.release(head('b'));
    await ends(await idOf(deploy({ release: 2 })));
    expect((await call('POST', `${at}/rollback`)).body).toMatchObject({ kind: 'rollback', release: { number: 1 } });
    const planned = await call('POST', `${at}/rollback`, { release: 1, dryRun: true });
    expect(planned).toMatchObject({ status: 200, body: { release: 1, rollbackTo: 1 } });
    const named = await call('POST', `${at}/rollback`, { release: 1, useKept: true });
    expect(named.body).toMatchObject({ kind: 'rollback', release: { number: 1 } });
  });

  test('removal needs the name of the service, in the body or the query', async () => {
    for (const path of [at, `${at}?confirm=webb`]) expect((await call('DELETE', path)).status).toBe(400);
    expect((await call('DELETE', at, { confirm: 'webb' })).status).toBe(400);
    for (const asked of [call('DELETE', at, { confirm: 'web' }), call('DELETE', `${at}?confirm=web`)]) {
      const { status, body } = await asked;
      expect([status, body['kind']]).toEqual([202, 'stop']);
      expect((await under.store.deployments.get(String(body['id'])))?.removes).toBe(true);
    }
  });

  test('of what runs nowhere is refused', async () => {
    expect((await call('POST', `${at}/adopt-observed`)).body).toMatchObject({ code: 'no-release', status: 422 });
    const elsewhere = await call('POST', '/environments/staging/services/web/stop');
    expect(elsewhere.body).toMatchObject({ code: 'no-release' });
    const unknown = await call('POST', '/environments/prod/services/web/stop');
    expect(unknown.body).toMatchObject({ code: 'unknown-environment', suggestions: ['production'] });
  });
});
