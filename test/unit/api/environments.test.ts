import type { ApiDeps } from '../../../src/api/deps.js';
import { createEvents } from '../../../src/events.js';
import type { Environment } from '../../../src/model/environment.js';
import type { ForeignContainer, OwnContainer } from '../../../src/model/observation.js';
import { createObservations } from '../../../src/pipeline/observe/observations.js';
import { asReader, begin, endWell, openTestApp, queueBuild, service, type TestApp } from '../../support/app.js';
import { manualClock } from '../../support/manual-clock.js';
import { environmentOf, hostSettings, identityOf } from '../../support/own-containers.js';
import { runFile } from '../../contracts/store-samples.js';

const clock = manualClock(Date.UTC(2026, 0, 2));
let observations: ReturnType<typeof createObservations>;
let environments: Map<string, Environment>;
let server: TestApp;

const deploy = {
  file: null,
  environments: ['production'],
  variables: new Map(),
  allow: new Map(),
  verify: null,
  secretVerifyKeys: [],
  formerly: null,
};
const services = new Map([service({ deploy }), service({ name: 'java-service-2' })].map((its) => [its.name, its]));

beforeEach(async () => {
  observations = createObservations(clock, createEvents());
  environments = new Map(
    ['staging', 'production'].map((name) => [name, environmentOf([hostSettings('a'), hostSettings('b')], name)]),
  );
  const deps: Partial<ApiDeps> = { environments: () => environments, observations, services: () => services };
  server = await openTestApp(deps);
});
afterEach(() => server.close());

const get = async (path: string, headers: Record<string, string> = asReader) => {
  const { statusCode, json } = await server.app.inject({ url: `/api/v1/environments${path}`, headers });
  return { status: statusCode, body: json() as Record<string, unknown> };
};

const ports = [{ hostIp: '0.0.0.0', hostPort: 8080, containerPort: 80, protocol: 'tcp' as const }];
const running = { status: 'running', health: 'healthy', startedAt: clock.now(), restarts: 2, lastExit: null } as const;
const own = (changes: Partial<OwnContainer> = {}): OwnContainer => ({
  ...identityOf(),
  id: 'c1',
  name: 'java-service-1.production.d1',
  image: 'slipway.local/java-service-1:d1',
  digests: ['registry.test/other@sha256:0', 'registry.test/java-service-1@sha256:1'],
  origin: null,
  state: running,
  ports,
  createdAt: 1,
  known: true,
  compared: null,
  ...changes,
});
const foreign: ForeignContainer = {
  id: 'f',
  name: 'database',
  image: 'db',
  state: 'running',
  ports,
  claimsOurs: false,
};
const see = (host: string, ...containers: OwnContainer[]) =>
  observations.note('production', host, { seen: { own: containers, foreign: [foreign] } });

type Shown = { services: { service: string; hosts: { state: string }[]; scale: object }[]; hosts: object[] };
const production = async () => (await get('/production')).body as unknown as Shown;

test('what runs is shown for each host, with its release', async () => {
  await queueBuild(server.store);
  await endWell(server.store, await begin(server.store), 'sha256:1', ['1.0.0-1-aaaaaaa', 'main'], runFile('one'));
  see('a', own());
  see('b');
  const empty = {
    release: null,
    tag: null,
    digest: null,
    containerId: null,
    health: null,
    startedAt: null,
    restarts: 0,
  };
  const always = { balancer: null, lastExit: null, drift: [] };
  const shown = {
    name: 'production',
    strategy: 'rolling',
    gate: 'start',
    window: null,
    hold: null,
    approvals: 0,
    hosts: ['a', 'b'].map((name) => ({
      ...{ name, address: '127.0.0.1', reachable: true },
      ...{ since: '2026-01-02T00:00:00.000Z', observedAt: '2026-01-02T00:00:00.000Z' },
    })),
    orphanedHosts: [],
    services: [
      {
        service: 'java-service-1',
        orphaned: false,
        desired: null,
        pending: [],
        hosts: [
          {
            ...{
              host: 'a',
              release: 1,
              tag: '1.0.0-1-aaaaaaa',
              digest: 'sha256:1',
              containerId: 'c1',
              state: 'running',
            },
            ...{ health: 'healthy', startedAt: '2026-01-02T00:00:00.000Z', restarts: 2, ...always },
          },
          { host: 'b', state: 'missing', ...empty, ...always },
        ],
        scale: { running: 1, wanted: 0 },
        deploymentId: null,
      },
    ],
  };
  expect(await get('/production')).toEqual({ status: 200, body: shown });
});

test('environments are listed in the order of promotion, in pages', async () => {
  const { body } = await get('?limit=1');
  expect(body).toMatchObject({ environments: [{ name: 'staging' }], nextCursor: expect.any(String) });
  const next = await get(`?limit=1&cursor=${String(body['nextCursor'])}`);
  expect(next.body).toMatchObject({ environments: [{ name: 'production' }], nextCursor: null });
  expect(body['orphaned']).toEqual([]);
  environments.delete('staging');
  expect((await get(`?cursor=${String(body['nextCursor'])}`)).status).toBe(400);
});

test('before a host was asked, and while it is away, the state is unknown and never missing', async () => {
  observations.begin('production', 'a');
  see('b', own());
  clock.advance(1000);
  observations.note('production', 'b', { why: 'it is off' });
  const { hosts, services: shown } = await production();
  expect(hosts).toMatchObject([
    { reachable: null, since: null, observedAt: null },
    { reachable: false, since: '2026-01-02T00:00:01.000Z', observedAt: '2026-01-02T00:00:00.000Z' },
  ]);
  expect(shown).toMatchObject([
    {
      hosts: [
        { state: 'unknown', release: null },
        { state: 'unknown', release: 1, health: null },
      ],
      scale: { running: 0 },
    },
  ]);
});

test.each([
  ['running', 'running'],
  ['restarting', 'restarting'],
  ['created', 'created'],
  ['exited', 'exited'],
  ['paused', 'exited'],
  ['dead', 'exited'],
  ['removing', 'exited'],
] as const)('a container that is %s is shown as %s', async (status, state) => {
  see('a', own({ state: { ...running, status } }));
  expect((await production()).services[0]?.hosts[0]).toMatchObject({ state });
});

test('the one that runs stands for its service, not a newer one that was stopped', async () => {
  const exit = { code: 137, oom: true, at: Date.UTC(2026, 0, 3) };
  const stopped = own({ id: 'c2', createdAt: 2, release: 2, state: { ...running, status: 'exited', lastExit: exit } });
  see('a', stopped, own());
  expect((await production()).services[0]?.hosts[0]).toMatchObject({ containerId: 'c1', release: 1 });
  see('a', own({ state: { ...running, status: 'exited' } }), stopped);
  expect((await production()).services[0]?.hosts[0]).toMatchObject({
    ...{ containerId: 'c2', release: 2, tag: null },
    lastExit: { code: 137, oom: true, at: '2026-01-03T00:00:00.000Z' },
  });
});

test('a service that is not in the configuration any more is shown while its containers are there', async () => {
  see('a', own({ service: 'gone' }));
  expect((await production()).services.map((its) => its.service)).toEqual(['gone', 'java-service-1']);
});

test('the containers of a host', async () => {
  see('a', own());
  expect(await get('/production/hosts/a/containers')).toEqual({
    status: 200,
    body: {
      containers: [
        {
          ...{
            id: 'c1',
            name: 'java-service-1.production.d1',
            image: 'slipway.local/java-service-1:d1',
            state: 'running',
          },
          ...{ ours: true, service: 'java-service-1', release: 1, ports },
        },
        { id: 'f', name: 'database', image: 'db', state: 'running', ours: false, service: null, release: null, ports },
      ],
    },
  });
});

test.each([
  ['/prodution', 404, 'unknown-environment'],
  ['/prodution/hosts/a/containers', 404, 'unknown-environment'],
  ['/production/hosts/c/containers', 404, 'unknown-host'],
  ['/production/hosts/a/containers', 503, 'host-unreachable'],
  ['/production/hosts/b/containers', 503, 'host-unreachable'],
  ['?cursor=x', 400, 'invalid-request'],
])('%s is answered with %d %s', async (path, status, code) => {
  see('b', own());
  observations.note('production', 'b', { why: 'it is off' });
  const answer = await get(path);
  expect([answer.status, answer.body['code']]).toEqual([status, code]);
});

test('an unknown name comes with similar ones', async () => {
  expect((await get('/prodution')).body).toMatchObject({ suggestions: ['production'] });
});

test('anonymous readers see environments, and no containers', async () => {
  see('a', own());
  const open = await openTestApp({ environments: () => environments, observations, anonymousRead: () => true });
  const status = async (url: string) => (await open.app.inject({ url })).statusCode;
  expect(await status('/api/v1/environments/production')).toBe(200);
  expect(await status('/api/v1/environments')).toBe(200);
  expect(await status('/api/v1/environments/production/hosts/a/containers')).toBe(401);
  await open.close();
});
