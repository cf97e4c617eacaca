import { jest } from '@jest/globals';
import { gunzipSync } from 'node:zlib';
import type { ApiDeps } from '../../../src/api/deps.js';
import { createEvents } from '../../../src/events.js';
import type { Environment } from '../../../src/model/environment.js';
import type { OwnContainer } from '../../../src/model/observation.js';
import { createObservations } from '../../../src/pipeline/observe/observations.js';
import { fault, newDeployment, run, specification, verified } from '../../contracts/store-deployment-samples.js';
import { build } from '../../contracts/store-release-samples.js';
import { head } from '../../contracts/store-samples.js';
import { asReader, openTestApp, service, type TestApp } from '../../support/app.js';
import { manualClock } from '../../support/manual-clock.js';
import { environmentOf, hostSettings, identityOf } from '../../support/own-containers.js';

const clock = manualClock(Date.UTC(2026, 0, 2));
const deploy = {
  ...{ file: null, environments: ['staging', 'production'], variables: new Map(), allow: new Map() },
  ...{ verify: null, secretVerifyKeys: [], formerly: null },
};
const services = new Map([service({ deploy }), service({ name: 'never-deployed' })].map((its) => [its.name, its]));
const name = 'java-service-1';
let observations: ReturnType<typeof createObservations>;
let events: ReturnType<typeof createEvents>;
let environments: Map<string, Environment>;
let server: TestApp;

beforeEach(async () => {
  events = createEvents();
  observations = createObservations(clock, events);
  environments = new Map(
    ['staging', 'production'].map((one) => [one, environmentOf([hostSettings('a'), hostSettings('b')], one)]),
  );
  const deps: Partial<ApiDeps> = { environments: () => environments, observations, services: () => services, events };
  server = await openTestApp(deps);
});
afterEach(() => server.close());

const get = (headers: Record<string, string> = {}) =>
  server.app.inject({ url: '/api/v1/matrix', headers: { ...asReader, ...headers } });

const kept = { ...specification('sha256:1'), publish: { a: null, b: null } };
const deployed = (environment: string, id: string, end = verified) =>
  run(server.store, newDeployment(1, { id, service: name, environment, specification: kept }), end);

const own = (deploymentId: string, changes: Partial<OwnContainer> = {}): OwnContainer => ({
  ...identityOf({ deployment: deploymentId }),
  ...{ id: `c-${deploymentId}`, name: 'c', image: 'i', digests: ['r/i@sha256:1'], origin: null, ports: [] },
  state: { status: 'running', health: 'healthy', startedAt: clock.now(), restarts: 0, lastExit: null },
  ...{ createdAt: 1, known: true, compared: { deploymentId, drift: [] }, ...changes },
});

const see = (environment: string, host: string, ...containers: OwnContainer[]) =>
  observations.note(environment, host, { seen: { own: containers, foreign: [] } });

test('each service has a cell for each environment, with hosts in step and releases behind', async () => {
  await build(server.store, { service: name });
  await deployed('production', 'd1');
  await build(server.store, { service: name, commit: head('b'), digest: 'sha256:2' });
  see('production', 'a', own('d1'));
  see(
    'production',
    'b',
    own('d1', { compared: { deploymentId: 'd1', drift: [{ field: 'image', wanted: '1', found: '2' }] } }),
  );
  const { environments: columns, orphaned, services: rows } = (await get()).json();
  expect(columns.map((one: { name: string; approvals: number }) => [one.name, one.approvals])).toEqual([
    ['staging', 0],
    ['production', 0],
  ]);
  expect([orphaned, rows.length, rows[0].service]).toEqual([[], 1, name]);
  const host = { host: 'a', state: 'running', release: 1, startedAt: '2026-01-02T00:00:00.000Z', unhealthy: false };
  expect(rows[0].cells).toEqual([
    {
      ...{ environment: 'staging', orphaned: false, desired: null, behind: null, pending: 0, inStep: 0, total: 0 },
      hosts: ['a', 'b'].map((one) => ({
        ...{ host: one, state: 'unknown', release: null, tag: null, startedAt: null, unhealthy: false, drift: [] },
      })),
      last: null,
    },
    {
      ...{ environment: 'production', orphaned: false, behind: 1, pending: 0, inStep: 1, total: 2 },
      desired: {
        ...{ release: 1, branch: 'main', commit: head('a'), tag: '1.1', digest: 'sha256:1', wanted: 'running' },
        ...{ since: '1970-01-01T00:00:03.000Z', by: 'deployer', deploymentId: 'd1' },
      },
      hosts: [
        { ...host, tag: '1.1', drift: [] },
        { ...host, host: 'b', tag: '1.1', drift: ['image'] },
      ],
      last: {
        ...{ id: 'd1', kind: 'deployment', status: 'succeeded', by: 'deployer', at: '1970-01-01T00:00:01.000Z' },
        ...{ release: { number: 1, tag: '1.1' }, blocked: false },
      },
    },
  ]);
});

test('a deployment that failed is the last one, and what runs stays', async () => {
  await build(server.store, { service: name });
  await deployed('staging', 'd1');
  await build(server.store, { service: name, commit: head('b'), digest: 'sha256:2' });
  await run(server.store, newDeployment(2, { id: 'd2', service: name, environment: 'staging' }), {
    ...{ status: 'failed', error: fault(), blocks: true },
  });
  const [row] = (await get()).json().services;
  expect(row.cells[0]).toMatchObject({
    desired: { release: 1, deploymentId: 'd1' },
    last: { id: 'd2', status: 'failed', release: { number: 2 }, blocked: true },
  });
});

test('what was stopped has no host that should run it', async () => {
  await build(server.store, { service: name });
  await deployed('staging', 'd1', { ...verified, desired: { wanted: 'stopped', behind: [] } });
  see('staging', 'a', own('d1'));
  const [row] = (await get()).json().services;
  expect(row.cells[0]).toMatchObject({ desired: { wanted: 'stopped' }, inStep: 0, total: 0 });
});

test('an environment that has left the configuration is named', async () => {
  await deployed('production', 'd1');
  environments.delete('production');
  const answer = (await get()).json();
  expect(answer.orphaned).toEqual([{ environment: 'production', services: [name] }]);
});

test('a client that has the answer gets 304, until something changes', async () => {
  const first = await get();
  const etag = String(first.headers['etag']);
  expect([first.statusCode, first.headers['cache-control']]).toEqual([200, 'private, no-cache']);
  const again = await get({ 'if-none-match': etag });
  expect([again.statusCode, again.body]).toEqual([304, '']);
  see('staging', 'a');
  expect((await get({ 'if-none-match': etag })).statusCode).toBe(200);
});

test('callers at the same time share one answer; after a change a new one is made', async () => {
  const standings = jest.spyOn(server.store.deployments, 'standings');
  await Promise.all([get(), get(), get({ 'accept-encoding': 'gzip' })]);
  await get();
  expect(standings).toHaveBeenCalledTimes(1);
  let isAsked: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (isAsked = resolve));
  standings.mockImplementationOnce(async () => {
    isAsked();
    await new Promise((resolve) => setImmediate(resolve));
    return [];
  });
  events.publish({ type: 'hold', environment: 'staging' });
  const before = get();
  await asked;
  see('staging', 'a', own('d1'));
  const [early, late] = await Promise.all([before, get()]);
  expect(late.headers['etag']).not.toBe(early.headers['etag']);
  expect(standings).toHaveBeenCalledTimes(3);
});

test('it is compressed for those who take that', async () => {
  const zipped = await get({ 'accept-encoding': 'gzip' });
  expect(zipped.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(zipped.rawPayload).toString()).toBe((await get()).body);
});
