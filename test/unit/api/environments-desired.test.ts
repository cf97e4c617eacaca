import type { ApiDeps } from '../../../src/api/deps.js';
import { createEvents } from '../../../src/events.js';
import type { Environment } from '../../../src/model/environment.js';
import type { ForeignContainer, OwnContainer } from '../../../src/model/observation.js';
import { createBalanced, type KeptBalanced } from '../../../src/pipeline/observe/balanced.js';
import { createObservations } from '../../../src/pipeline/observe/observations.js';
import { createSpecOn } from '../../../src/specification/spec-text.js';
import { asReader, openTestApp, service, type TestApp } from '../../support/app.js';
import { manualClock } from '../../support/manual-clock.js';
import { environmentOf, hostSettings, identityOf, testLabels } from '../../support/own-containers.js';
import type { NewDeployment } from '../../../src/model/deployment.js';
import { newDeployment, run, specification, start, verified } from '../../contracts/store-deployment-samples.js';

const clock = manualClock(Date.UTC(2026, 0, 2));
let observations: ReturnType<typeof createObservations>;
let environments: Map<string, Environment>;
let server: TestApp;
let balanced: KeptBalanced;

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
  const events = createEvents();
  observations = createObservations(clock, events);
  balanced = createBalanced({ events, observations });
  environments = new Map(
    ['staging', 'production'].map((name) => [name, environmentOf([hostSettings('a'), hostSettings('b')], name)]),
  );
  const deps: Partial<ApiDeps> = { environments: () => environments, observations, balanced, services: () => services };
  server = await openTestApp(deps);
});
afterEach(() => server.close());

const hidden = '(changed, not shown)';
const kept = { ...specification('sha256:1'), publish: { a: null, b: null } };
/** Deploys release 1, by the deployment `d1` of java-service-1 in production. */
const deployed = (changes: Partial<NewDeployment> = {}, end?: typeof verified) =>
  run(
    server.store,
    newDeployment(1, { id: 'd1', service: 'java-service-1', specification: kept, ...changes }),
    ...(end ? [end] : []),
  );

const get = async <Body = Record<string, unknown>>(path: string, headers: Record<string, string> = asReader) => {
  const answer = await server.app.inject({ url: `/api/v1/environments${path}`, headers });
  return { status: answer.statusCode, body: answer.json<Body>() };
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
const production = async () => (await get<Shown>('/production')).body;

describe('what is desired', () => {
  const compared = {
    deploymentId: 'd1',
    drift: [
      { field: 'image', wanted: 'x@sha256:1', found: 'x@sha256:2' },
      { field: 'mem_limit', wanted: '256m', found: '1g' },
      { field: 'environment.DB_PASSWORD', wanted: hidden, found: hidden },
    ],
  };
  const only = async () => (await production()).services[0];

  test('is shown with the deployment that made it so, and on how many hosts it should run', async () => {
    await deployed();
    see('a', own());
    see('b');
    expect(await only()).toMatchObject({
      ...{ desired: { release: 1, tag: '1.1' }, deploymentId: 'd1', scale: { running: 1, wanted: 2 }, orphaned: false },
      hosts: [
        { host: 'a', release: 1, tag: '1.1', digest: 'sha256:1', drift: [] },
        { host: 'b', drift: [{ field: 'state', wanted: 'running', found: 'missing' }] },
      ],
    });
  });

  test('is the release of a container that one of the same parameters has left', async () => {
    await deployed();
    await deployed({ ...newDeployment(2, { id: 'd2' }), service: 'java-service-1', specification: kept });
    see('a', own({ spec: createSpecOn(testLabels)(kept, 'a') }));
    see('b', own());
    expect((await only())?.hosts).toMatchObject([{ release: 2 }, { release: 1 }]);
    const { body } = await get('/production/hosts/a/containers');
    expect(body).toMatchObject({ containers: [{ release: 2 }, { ours: false }] });
  });

  test('has who is active at the balancer, where there is one', async () => {
    await deployed();
    see('a', own());
    expect((await only())?.hosts).toMatchObject([{ balancer: null }, { balancer: null }]);
    const behind = environments.get('production');
    const balancer = { kind: 'command', observe: [], enable: [], drain: [], address: null } as const;
    if (behind !== undefined) environments.set('production', { ...behind, balancer });
    expect((await only())?.hosts).toMatchObject([{ balancer: 'unknown' }, { balancer: 'unknown' }]);
    balanced.note('production', 'java-service-1', new Map([['a', 'active']]));
    expect((await only())?.hosts).toMatchObject([{ balancer: 'active' }, { balancer: 'unknown' }]);
  });

  test('is not drift where it is stopped', async () => {
    await deployed({}, { ...verified, desired: { wanted: 'stopped', behind: [] } });
    see('a', own({ state: { ...running, status: 'exited' } }));
    see('b');
    expect(await only()).toMatchObject({
      ...{ desired: { release: 1 }, scale: { running: 0, wanted: 0 } },
      hosts: [{ drift: [] }, { drift: [] }],
    });
  });

  test('differs from what runs, field by field; of a host that is away nothing is said', async () => {
    await deployed();
    see('a', own({ compared }));
    see('b', own({ compared, known: false }));
    observations.note('production', 'b', { why: 'it is off' });
    expect((await only())?.hosts).toMatchObject([{ drift: compared.drift }, { state: 'unknown', drift: [] }]);
    see('b', own({ deployment: 'd7', known: false }));
    expect((await only())?.hosts[1]).toMatchObject({
      drift: [{ field: 'unknown-deployment', wanted: 'd1', found: 'd7' }],
    });
  });

  test('is not missed while a deployment replaces it', async () => {
    await deployed();
    await start(server.store, newDeployment(2, { id: 'd2', service: 'java-service-1' }));
    see('a', own({ deployment: 'd2', release: 2, compared }));
    see('b');
    expect((await only())?.hosts).toMatchObject([{ drift: [] }, { drift: [] }]);
  });

  test('shows no parameters to callers without a token', async () => {
    await deployed();
    see('a', own({ compared }));
    const open = await openTestApp({
      ...{ environments: () => environments, observations, services: () => services, store: server.store },
      anonymousRead: () => true,
      pending: {
        of: async () => [{ field: 'mem_limit', from: '1g', to: '2g', secret: false }],
        counts: async () => [],
      },
    });
    const url = '/api/v1/environments/production';
    const shown = (await open.app.inject({ url })).json() as Shown;
    expect(shown.services[0]).toMatchObject({
      hosts: [
        {
          drift: [
            { field: 'image', wanted: 'x@sha256:1', found: 'x@sha256:2' },
            { field: 'mem_limit', wanted: null, found: null },
            { field: 'environment.DB_PASSWORD', wanted: null, found: null },
          ],
        },
        {},
      ],
      pending: [{ field: 'mem_limit', now: null, next: null, secret: false }],
    });
    const known = (await open.app.inject({ url, headers: asReader })).json() as Shown;
    expect(known.services[0]).toMatchObject({
      pending: [{ field: 'mem_limit', now: '1g', next: '2g', secret: false }],
    });
    await open.close();
  });

  test('is orphaned if service, host or environment have left the configuration', async () => {
    await deployed({ service: 'gone', specification: { ...kept, publish: { a: null, c: null } } });
    await deployed({ id: 'd2', service: 'gone', environment: 'older' });
    see('a', own({ service: 'gone' }));
    see('b');
    expect((await get('/production')).body).toMatchObject({
      orphanedHosts: ['c'],
      services: [
        { service: 'gone', orphaned: true, desired: { release: 1 }, scale: { running: 1, wanted: 1 } },
        { service: 'java-service-1', orphaned: false },
      ],
    });
    expect((await get('')).body).toMatchObject({ orphaned: [{ environment: 'older', services: ['gone'] }] });
  });
});
