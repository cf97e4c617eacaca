/** Hosts, engines and registries that go away or answer wrongly in the middle of deployments. One story: each test goes on from the last. */
import { onCall } from '../../support/host-proxy.js';
import {
  ask,
  containersOn,
  crashing,
  dockerfile,
  openHostsStage,
  runFile,
  runningOn,
  type HostsStage,
  type StageHost,
} from '../../support/hosts-stage.js';
import { until } from '../../support/slipway.js';
import type { Tickets } from '../../support/tickets.js';

let stage: HostsStage;
let tickets: Tickets;
let a: StageHost;
let b: StageHost;

beforeAll(async () => {
  const timeouts = { reach: '2s', pull: '5s', start: '4s', settle: '200ms' };
  stage = await openHostsStage({ environments: () => ({ production: { timeouts } }) });
  [a, b] = stage.hosts as [StageHost, StageHost];
  tickets = stage.tickets;
  await stage.push({ 'docker/Dockerfile': dockerfile(), 'docker/compose.yaml': runFile('one') });
  expect(await tickets.deploy()).toMatchObject({ status: 'succeeded', error: null });
}, 180_000);

afterAll(() => stage?.close(), 60_000);

afterEach(() => {
  for (const { proxy } of stage.hosts) proxy.judge(null);
});

const said = () => Promise.all(stage.hosts.map(({ publish }) => ask(publish)));
const running = () => Promise.all(stage.hosts.map((host) => runningOn(host)));

test('a host off the network or without an answer is left out, and comes to what is desired once it is back', async () => {
  await b.proxy.cut();
  const two = await tickets.deploy({ release: await stage.say('two') });
  expect([two.status, two.warnings.join()]).toEqual(['succeeded', expect.stringMatching(/Host b.*left out/)]);
  await b.proxy.restore();
  b.proxy.hang();
  const three = await tickets.deploy({ release: await stage.say('three') });
  expect([three.status, three.warnings.join()]).toEqual(['succeeded', expect.stringMatching(/Host b.*left out/)]);
  expect(await said()).toEqual(['three', 'one']);
  await b.proxy.restore();
  await tickets.settled(3);
  expect(await said()).toEqual(['three', 'three']);
  // It never saw what was desired in between.
  expect(await containersOn(b)).toEqual(['-1 no', '3 always']);
  expect((await tickets.all())[0]).toMatchObject({ kind: 'repair', status: 'succeeded' });
}, 120_000);

test('an error for what was done, and an answer that is lost, change nothing', async () => {
  a.proxy.judge(onCall(/^POST .*\/start/, () => ({ status: 500, message: 'timed out', done: true })));
  b.proxy.judge(onCall(/^POST \/containers\/create/, () => ({ lose: async () => undefined })));
  const four = await tickets.deploy({ release: await stage.say('four') });
  expect(four).toMatchObject({ status: 'succeeded', error: null });
  expect(await said()).toEqual(['four', 'four']);
  a.proxy.judge(onCall(/^POST \/containers\/create/, () => 'drop'));
  b.proxy.judge(onCall(/^POST .*\/stop/, () => ({ lose: async () => undefined })));
  expect(await tickets.deploy({ release: await stage.say('five') })).toMatchObject({
    status: 'succeeded',
    error: null,
  });
  expect(await running()).toEqual([['5 always'], ['5 always']]);
  // One container each, although one was asked for twice.
  for (const host of stage.hosts) {
    const all = await containersOn(host);
    expect(all.filter((one) => /^-?[45] /.test(one))).toEqual(['-4 no', '5 always']);
  }
}, 120_000);

test('a registry that one host does not reach stops nothing, and is waited for', async () => {
  await stage.push({ 'docker/Dockerfile': dockerfile('RUN echo changed > /changed') });
  const refused = { status: 500, message: 'dial tcp 10.9.9.9:443: connect: connection refused', done: false } as const;
  b.proxy.judge((request) => (request.startsWith('POST /images/create') ? refused : 'pass'));
  const six = await tickets.deploy();
  expect(six).toMatchObject({
    status: 'failed',
    error: { code: 'image-pull-failed', host: 'b' },
    release: { number: 6 },
  });
  expect(await running()).toEqual([['5 always'], ['5 always']]);
  expect((await containersOn(a)).join()).not.toContain('6 ');
  b.proxy.judge(onCall(/^POST \/images\/create/, () => refused));
  expect(await tickets.deploy()).toMatchObject({ status: 'succeeded', release: { number: 6 } });
}, 120_000);

test('the way back needs no registry, whether it is taken or asked for', async () => {
  const bad = await stage.say('bad', crashing);
  a.proxy.judge(onCall(/^POST .*\/start/, () => stage.registry.stop().then(() => 'pass' as const)));
  expect(await tickets.deploy({ release: bad })).toMatchObject({
    status: 'rolled-back',
    error: { code: 'container-crashed', host: 'a' },
  });
  expect(await running()).toEqual([['6 always'], ['6 always']]);
  // A clean-up of the engine took the container that was kept; its image is still there.
  const listed = await b.host.containers.list({ 'dev.slipway.release': '5' });
  for (const { id } of listed) await b.host.containers.remove(id);
  expect(await tickets.act('rollback')).toMatchObject({ status: 'succeeded', release: { number: 5 } });
  expect(await said()).toEqual(['five', 'five']);
  await stage.registry.start();
}, 120_000);

test('a host that dies while it is replaced turns the others back, and comes up with what is desired', async () => {
  b.proxy.judge(onCall(/^POST .*\/start/, () => b.stop().then(() => 'drop' as const)));
  const eight = await tickets.deploy({ release: await stage.say('eight') });
  expect(eight).toMatchObject({ status: 'rolled-back', error: { code: 'host-unreachable', host: 'b' } });
  expect([await runningOn(a), await said()]).toEqual([['5 always'], ['five', 'nobody']]);
  await b.reboot();
  await tickets.settled(5);
  await until('it to answer', async () => (await ask(b.publish)) === 'five');
  expect(await running()).toEqual([['5 always'], ['5 always']]);
  expect((await containersOn(b)).filter((one) => !one.endsWith(' no'))).toEqual(['5 always']);
}, 120_000);
