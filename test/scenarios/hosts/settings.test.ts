/** What is verified, what changes a container and what does not, and who may undo what. One story: each test goes on from the last. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import {
  ask,
  containerOf,
  containersOn,
  crashing,
  dockerfile,
  engineOf,
  openHostsStage,
  runFile,
  runningOn,
  type HostsStage,
  type StageHost,
} from '../../support/hosts-stage.js';
import { idOf, type Tickets } from '../../support/tickets.js';
import { until } from '../../support/slipway.js';

let stage: HostsStage;
let tickets: Tickets;
let host: StageHost;

/** Takes the word from the configuration. */
const asks = { environment: ['WORD'], mem_limit: '64m', labels: { one: '1', two: '2' } };

beforeAll(async () => {
  stage = await openHostsStage({
    hosts: 1,
    environments: () => ({
      production: {
        variables: { WORD: 'monday' },
        timeouts: { reach: '2s', pull: '20s', start: '3s', settle: '500ms' },
      },
    }),
  });
  [host] = stage.hosts as [StageHost];
  tickets = stage.tickets;
  await stage.push({ 'docker/Dockerfile': dockerfile(), 'docker/compose.yaml': runFile('', crashing) });
}, 120_000);

afterAll(() => stage?.close(), 60_000);

const running = async (): Promise<readonly [string, string]> => {
  const number = Number((await runningOn(host))[0]?.split(' ')[0]);
  const { Id, State } = await containerOf(host, number);
  return [Id, State.StartedAt];
};

test('a first release that fails stays on the host, stopped and with its log', async () => {
  const one = await tickets.deploy();
  expect(one).toMatchObject({ status: 'failed', error: { code: 'container-crashed' } });
  expect(one.error?.message).toMatch(/exit code 3[^]*no database/);
  expect(await containersOn(host)).toEqual(['-1 no']);
  const log = await engineOf(host)
    .getContainer((await containerOf(host, 1)).Id)
    .logs({ stdout: true });
  expect(log.toString()).toContain('no database');
  expect((await tickets.shown()).desired).toBeNull();
}, 60_000);

test('a program that has the port, and a container that has it, are named', async () => {
  const two = await stage.say('', asks);
  const program = createServer((_, response) => response.end('mine')).listen(8080, host.publish);
  await once(program, 'listening');
  expect(await tickets.deploy({ release: two })).toMatchObject({
    status: 'failed',
    error: { code: 'port-in-use', message: expect.stringContaining('outside of Docker') },
  });
  program.close();
  const { Image } = await containerOf(host, 1);
  const stranger = await engineOf(host).createContainer({
    ...{ name: 'by-hand', Image, Cmd: ['sleep', '600'], ExposedPorts: { '8080/tcp': {} } },
    HostConfig: { PortBindings: { '8080/tcp': [{ HostIp: host.publish, HostPort: '8080' }] } },
  });
  await stranger.start();
  expect(await tickets.deploy({ release: two })).toMatchObject({
    status: 'failed',
    error: { code: 'port-in-use', message: expect.stringContaining('by-hand') },
  });
  expect((await stranger.inspect()).State.Running).toBe(true);
  await stranger.remove({ force: true });
  expect(await tickets.deploy({ release: two })).toMatchObject({ status: 'succeeded' });
}, 60_000);

test('the same release again, or the same parameters in other words, is no action', async () => {
  const before = await running();
  expect(await tickets.deploy({ release: 2 })).toMatchObject({ status: 'succeeded', error: null });
  expect(await running()).toEqual(before);
  const words = {
    labels: ['two=2', 'one=1'],
    environment: { WORD: '${WORD}' },
    deploy: { resources: { limits: { memory: '65536k' } } },
  };
  const written = JSON.parse(runFile('', words)) as { services: { shop: object } };
  const reversed = { services: { shop: Object.fromEntries(Object.entries(written.services.shop).reverse()) } };
  await stage.push({ 'docker/compose.yaml': JSON.stringify(reversed) });
  expect(await tickets.deploy()).toMatchObject({ status: 'succeeded', error: null });
  expect(await running()).toEqual(before);
  expect((await tickets.shown()).hosts[0]?.drift).toEqual([]);
}, 60_000);

test('changed variables restart nothing; a return has the old ones, and the next deployment the new ones', async () => {
  const before = await running();
  await stage.configure({ variables: { WORD: 'tuesday' } });
  const pending = await until('it to be pending', async () => {
    const { pending: found } = await tickets.shown();
    return found.length > 0 && found;
  });
  expect(pending).toMatchObject([{ field: 'environment.WORD', now: 'monday', next: 'tuesday', secret: false }]);
  expect((await tickets.shown()).hosts[0]?.drift).toEqual([]);
  const bad = await stage.say('', { ...asks, ...crashing });
  expect(await tickets.deploy({ release: bad })).toMatchObject({ status: 'rolled-back' });
  expect([await ask(host.publish), (await running())[0]]).toEqual(['monday', before[0]]);
  const again = (await tickets.shown()).desired?.release ?? 0;
  expect(await tickets.deploy({ release: again })).toMatchObject({ status: 'succeeded' });
  expect([await ask(host.publish), (await tickets.shown()).pending]).toEqual(['tuesday', []]);
}, 60_000);

test('a rollback takes the settings of today, or the containers that were kept as they are', async () => {
  const next = await stage.say('five', { ...asks, environment: { WORD: 'five' } });
  expect(await tickets.deploy({ release: next })).toMatchObject({ status: 'succeeded' });
  await stage.configure({ variables: { WORD: 'wednesday' } });
  const { release } = await tickets.act('rollback', { useKept: true });
  expect(await ask(host.publish)).toBe('tuesday');
  await tickets.deploy({ release: next, force: true });
  expect(await tickets.act('rollback')).toMatchObject({ status: 'succeeded', release });
  expect(await ask(host.publish)).toBe('wednesday');
  expect(await tickets.ask({ release: next })).toMatchObject({ status: 409, body: { code: 'release-blocked' } });
}, 60_000);

test('one that runs for a moment, or is not healthy, goes back; one that is healthy stays', async () => {
  const before = await running();
  const moment = {
    command: ['sh', '-c', '(sleep 0.3; kill 1) & echo $WORD > /www/word; exec httpd -f -p 8080 -h /www'],
  };
  const ended = await tickets.deploy({ release: await stage.say('', { ...asks, ...moment }) });
  expect(ended).toMatchObject({ status: 'rolled-back', error: { code: 'container-crashed' } });
  const health = (command: string) => ({
    healthcheck: { test: ['CMD-SHELL', command], interval: '300ms', retries: 2 },
  });
  const ill = await tickets.deploy({ release: await stage.say('', { ...asks, ...health('exit 1') }) });
  expect(ill).toMatchObject({ status: 'rolled-back', error: { code: 'verification-timeout' } });
  expect(ill.error?.message).toContain('unhealthy');
  expect((await running())[0]).toBe(before[0]);
  const well = await stage.say('', { ...asks, ...health('test -e /www/word') });
  expect(await tickets.deploy({ release: well })).toMatchObject({ status: 'succeeded' });
  const { State } = await containerOf(host, well);
  expect(State.Health?.Status).toBe('healthy');
}, 60_000);

test('a missing variable touches nothing, and another file is merged over the run file in its environment', async () => {
  const before = await running();
  await stage.say('', { ...asks, environment: ['WORD', 'MISSING'] });
  expect(await tickets.ask({ branch: 'main' })).toMatchObject({ status: 422, body: { code: 'variable-missing' } });
  expect(await running()).toEqual(before);
  await stage.push({
    'docker/compose.yaml': runFile('', asks),
    'docker/compose.production.yaml': 'services: { shop: { environment: { WORD: overlaid }, mem_limit: 48m } }',
    'docker/compose.staging.yaml': 'services: { shop: { environment: { WORD: elsewhere } } }',
  });
  const { release, status } = await tickets.deploy();
  expect([status, await ask(host.publish)]).toEqual(['succeeded', 'overlaid']);
  expect((await containerOf(host, release.number)).HostConfig.Memory).toBe(48 * 2 ** 20);
}, 60_000);

test('a canceled deployment goes back, and the plan says what it would have done', async () => {
  const before = await running();
  const late = await stage.say('', { ...asks, command: ['sleep', '600'] });
  const plan = await tickets.ask({ release: late, dryRun: true });
  expect(plan).toMatchObject({ status: 200, body: { hosts: [{ host: 'a', action: 'replace' }], faults: [] } });
  expect(await running()).toEqual(before);
  const id = idOf(await tickets.ask({ release: late }));
  await until('it to run', async () => (await runningOn(host)).includes(`${late} no`));
  await stage.slipway.post(`/api/v1/deployments/${id}/cancel`);
  expect(await tickets.ended(id)).toMatchObject({ status: 'rolled-back', error: null });
  expect((await running())[0]).toBe(before[0]);
}, 60_000);

test('what somebody stopped or changed shows as drift, and is undone where the environment wants that', async () => {
  const [id] = await running();
  const container = engineOf(host).getContainer(id);
  await container.stop();
  await until('it to be drift', async () =>
    (await tickets.shown()).hosts[0]?.drift.some(({ field }) => field === 'state'),
  );
  expect(await ask(host.publish)).toBe('nobody');
  await stage.configure({ repair: 'missing' });
  await until('it to be started again', async () => (await ask(host.publish)) === 'overlaid');
  // Until the repair has ended, it would undo that too.
  await tickets.settled((await tickets.shown()).desired?.release ?? 0);
  await container.update({ RestartPolicy: { Name: 'no' } });
  await until('it to be drift', async () =>
    (await tickets.shown()).hosts[0]?.drift.some(({ field }) => field === 'restart'),
  );
  await stage.configure({ repair: 'all' });
  await until('it to be undone', async () => (await container.inspect()).HostConfig.RestartPolicy?.Name === 'always');
  expect((await tickets.all())[0]).toMatchObject({ kind: 'repair' });
}, 120_000);
