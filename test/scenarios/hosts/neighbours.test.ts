/** Environments, tickets, instances and strangers that share engines. One story: each test goes on from the last. */
import { idOf } from '../../support/tickets.js';
import { onCall } from '../../support/host-proxy.js';
import { hostAddress } from '../../support/host-engines.js';
import {
  ask,
  containerOf,
  containersOn,
  dockerfile,
  engineOf,
  openHostsStage,
  runFile,
  runningOn,
  type HostsStage,
  type StageHost,
} from '../../support/hosts-stage.js';
import { TestSlipway, TOKEN, until } from '../../support/slipway.js';
import { Tickets } from '../../support/tickets.js';

let stage: HostsStage;
let production: Tickets;
let staging: Tickets;
let a: StageHost;
let b: StageHost;

const stagingAddress = hostAddress(51);
const volume = { volumes: [{ type: 'volume', source: 'words', target: '/data' }] };
const top = { volumes: { words: {} } };
const say = async (word: string, more: object = {}): Promise<number> => {
  await stage.push({ 'docker/compose.yaml': runFile(word, { ...volume, ...more }, top) });
  const { releases } = await stage.slipway.get<{ releases: { number: number }[] }>('/api/v1/releases/shop');
  return Math.max(...releases.map(({ number }) => number));
};

beforeAll(async () => {
  stage = await openHostsStage({
    environments: ([first]) => ({
      staging: {
        keep: 1,
        hosts: { s: { engine: first?.settings.engine, address: stagingAddress, publish: stagingAddress } },
      },
      crowded: { hosts: { c: first?.settings } },
      production: { keep: 2, repair: 'off' },
    }),
  });
  [a, b] = stage.hosts as [StageHost, StageHost];
  production = stage.tickets;
  staging = production.in('staging');
  await stage.push({ 'docker/Dockerfile': dockerfile(), 'docker/compose.yaml': runFile('one', volume, top) });
}, 120_000);

afterAll(() => stage?.close(), 60_000);

afterEach(() => {
  for (const { proxy } of stage.hosts) proxy.judge(null);
});

const hostsCheck = async (slipway: TestSlipway = stage.slipway): Promise<string> => {
  const { body } = await slipway.request('GET', '/readyz');
  return (JSON.parse(body) as { checks: { hosts: { message: string } } }).checks.hosts.message;
};

const said = () => Promise.all([a, b].map(({ publish }) => ask(publish)));

test('two environments on one engine have volumes, containers and images of their own', async () => {
  expect(await production.deploy()).toMatchObject({ status: 'succeeded', release: { number: 1 } });
  const before = await containerOf(a, 1);
  expect(await staging.deploy()).toMatchObject({ status: 'succeeded', release: { number: 1 } });
  for (const word of ['two', 'three', 'four'])
    expect(await staging.deploy({ release: await say(word) })).toMatchObject({ status: 'succeeded' });
  expect(await containersOn(a, { environment: 'staging' })).toEqual(['-3 no', '4 always']);
  expect(await ask(stagingAddress, '/words')).toBe('one\ntwo\nthree\nfour');
  expect([await containersOn(a), await ask(a.publish, '/words')]).toEqual([['1 always'], 'one']);
  const after = await containerOf(a, 1);
  expect([after.Id, after.State.StartedAt]).toEqual([before.Id, before.State.StartedAt]);
  expect((await engineOf(a).getImage(after.Config.Image).inspect()).Id).toBe(after.Image);
  const { Volumes } = await engineOf(a).listVolumes();
  expect(Volumes.map(({ Name }) => Name).sort()).toEqual(['shop.production.words', 'shop.staging.words']);
}, 120_000);

test('a port that another environment has is in use', async () => {
  expect(await production.in('crowded').deploy({ release: 4 })).toMatchObject({
    status: 'failed',
    error: { code: 'port-in-use', host: 'c', message: expect.stringContaining('shop.production.') },
  });
  expect(await containersOn(a, { environment: 'crowded' })).toEqual([]);
}, 60_000);

test('two tickets at once end one after the other, and one key is one deployment', async () => {
  const both = await Promise.all([production.begin({ release: 2 }), production.begin({ release: 3 })]);
  const ends = await Promise.all(both.map((id) => production.ended(id)));
  expect(ends.map(({ status }) => status)).toContain('succeeded');
  const shown = await until('one of them to run', async () => {
    const found = await production.shown();
    return found.hosts.every(({ release }) => release === found.desired?.release) && found;
  });
  const release = shown.desired?.release ?? 0;
  expect([await runningOn(a), await runningOn(b)]).toEqual([[`${release} always`], [`${release} always`]]);
  const withKey = () =>
    stage.slipway.send({
      method: 'POST',
      url: '/api/v1/deployments',
      headers: { authorization: `Bearer ${TOKEN}`, 'idempotency-key': 'OPS-1' },
      payload: { service: 'shop', environment: 'production', release: 4 },
    });
  const answers = await Promise.all([withKey(), withKey()]);
  const [one, other] = answers.map(({ statusCode, body }) => idOf({ status: statusCode, body: JSON.parse(body) }));
  expect(one).toBe(other);
  expect((await production.ended(one ?? '')).status).toBe('succeeded');
  expect(await said()).toEqual(['four', 'four']);
}, 120_000);

test('a rollback while the other hosts are being replaced brings back what ran', async () => {
  let isAsked: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (isAsked = resolve));
  let isThere = false;
  b.proxy.judge(
    onCall(/^POST .*\/start/, async () => {
      isThere = true;
      await asked;
      return 'pass' as const;
    }),
  );
  const id = await production.begin({ release: await say('five') });
  await until('the second host to be replaced', async () => isThere);
  expect(await said()).toEqual(['five', 'nobody']);
  const rollback = idOf(await production.askTo('rollback'));
  // The deployment hears of it by itself; without this pause it may be over before it has.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  isAsked();
  expect(await production.ended(id)).toMatchObject({ status: 'rolled-back', error: null });
  expect(await production.ended(rollback)).toMatchObject({ status: 'succeeded', release: { number: 4 } });
  expect([await said(), await runningOn(a), await runningOn(b)]).toEqual([
    ['four', 'four'],
    ['4 always'],
    ['4 always'],
  ]);
}, 120_000);

test('what an application may not ask for is refused with its place, and touches nothing', async () => {
  const before = await containersOn(a);
  await say('six', {
    privileged: true,
    network_mode: 'host',
    ports: [],
    volumes: ['/var/run/docker.sock:/var/run/docker.sock'],
    'x-slipway': {},
  });
  const { status, body } = await production.ask({ branch: 'main' });
  expect([status, body]).toMatchObject([422, { code: 'run-file-not-allowed' }]);
  const { faults } = body as { faults: { file: string; line: number; column: number; setting: string }[] };
  expect(faults.map(({ setting }) => setting).sort()).toEqual([
    expect.stringMatching(/binds/),
    expect.stringMatching(/hostNetwork/),
    expect.stringMatching(/privileged/),
  ]);
  for (const { file, line, column } of faults)
    expect([file, line, column]).toEqual(['docker/compose.yaml', expect.any(Number), expect.any(Number)]);
  expect(await containersOn(a)).toEqual(before);
}, 60_000);

test('a container that was run by hand with our labels is not ours: it is neither counted nor touched', async () => {
  const { Config } = await containerOf(a, 4);
  const docker = engineOf(a);
  const copy = await docker.createContainer({
    ...{ name: 'by-hand', Image: Config.Image, Labels: Config.Labels, Cmd: ['sleep', '600'] },
  });
  await copy.start();
  await until('it to be named', async () => (await hostsCheck()).includes('by-hand on production/a'));
  expect(await production.shown()).toMatchObject({ scale: { running: 2, wanted: 2 } });
  const { containers } = await stage.slipway.get<{ containers: { name: string; ours: boolean }[] }>(
    '/api/v1/environments/production/hosts/a/containers',
  );
  expect(containers.find(({ name }) => name === 'by-hand')).toMatchObject({ ours: false });
  expect(await production.deploy({ release: 3 })).toMatchObject({
    status: 'failed',
    error: { code: 'owned-by-other', host: 'a', message: expect.stringContaining('by-hand') },
  });
  expect((await copy.inspect()).State.Running).toBe(true);
  expect(await said()).toEqual(['four', 'four']);
  await copy.remove({ force: true });
}, 60_000);

test.each(['another', 'slipway'])(
  'a second Slipway called %s touches nothing of the first',
  async (instance) => {
    const before = [await containersOn(a), await containersOn(b)];
    const { settings: first } = a;
    const other = await TestSlipway.start({
      ...{ host: stage.git, registryHost: stage.registry.host },
      registryUser: { username: 'slipway', password: 'let-me-push' },
      engineHost: `unix://${a.socket}`,
      config: {
        server: { listen: '127.0.0.1:0', dataDir: './data', instance },
        environments: { production: { hosts: { a: first, b: b.settings } } },
      },
      services: {
        shop: { repository: 'abc/shop', version: { value: '1.0' }, deploy: { environments: ['production'] } },
      },
    });
    try {
      await stage.push({ 'docker/compose.yaml': runFile('seven', volume, top) });
      const head = await (await stage.git.repo('abc/shop')).tip('main');
      await other.push('abc/shop', 'main', { after: head ?? '' });
      expect(await new Tickets(() => other).deploy()).toMatchObject({
        status: 'failed',
        error: { code: 'owned-by-other', message: expect.stringContaining('shop.production.') },
      });
      expect((await hostsCheck(other)).includes('without its seal')).toBe(instance === 'slipway');
    } finally {
      await other.close();
    }
    expect([await containersOn(a), await containersOn(b)]).toEqual(before);
    expect(await said()).toEqual(['four', 'four']);
  },
  120_000,
);
