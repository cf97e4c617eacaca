/** What a deployment did not touch stays as it is, also on the way back. */
import { deployStage, imageOf, kept, never, type DeployStage } from '../../../support/deploy-stage.js';
import type { FakeHost } from '../../../support/fake-host.js';

let stage: DeployStage;
let a: FakeHost;
let b: FakeHost;
beforeEach(async () => {
  stage = await deployStage();
  [a, b] = [...stage.hosts.values()] as [FakeHost, FakeHost];
  for (const host of [a, b]) host.program(['crash'], { exit: 1 });
});
afterEach(() => stage.close());

const desired = () => stage.temp.store.deployments.desired('production', 'app');
const crashing = { specification: kept(2, { command: ['crash'] }) };

test('a host that has come since gets nothing of the former release', async () => {
  await stage.deploy(1, { specification: kept(1, {}, { publish: { a: null } }), only: ['a'] });
  const first = await stage.deploy(1, { specification: kept(1, {}, { publish: { a: null } }) });
  await b.controls.stop([...b.all.values()][0]?.id ?? '', 0);
  await b.containers.remove([...b.all.values()][0]?.id ?? '');
  expect(first.status).toBe('succeeded');
  await stage.deploy(2, crashing);
  expect(await stage.running()).toMatchObject({ a: ['1 always', '(2 no)'], b: [] });
});

test('a host on which the service was stopped by hand is not started by a ticket that fails before', async () => {
  await stage.deploy(1);
  await b.controls.stop([...b.all.values()][0]?.id ?? '', 0);
  Object.assign(stage.deps.registry, { manifest: async () => null });
  expect((await stage.deploy(2)).status).toBe('failed');
  expect(await stage.running()).toEqual({ a: ['1 always'], b: ['(1 always)'] });
});

test('a restart or start that waited is about what is desired when its turn comes', async () => {
  await stage.deploy(1);
  await stage.deploy(2);
  // Asked for while release 1 was desired.
  expect((await stage.deploy(1, { kind: 'restart' })).status).toBe('succeeded');
  expect(await stage.running()).toMatchObject({ a: ['(1 no)', '2 always'], b: ['(1 no)', '2 always'] });
  expect((await desired())?.release.number).toBe(2);
});

test('a restart of what is stopped makes it desired', async () => {
  await stage.deploy(1);
  await stage.deploy(1, { kind: 'stop' });
  expect((await desired())?.wanted).toBe('stopped');
  await stage.deploy(1, { kind: 'restart' });
  expect([await stage.running(), (await desired())?.wanted]).toEqual([{ a: ['1 always'], b: ['1 always'] }, 'running']);
});

test('a start that fails stops what it has started', async () => {
  await stage.deploy(1);
  await stage.deploy(1, { kind: 'stop' });
  b.fail('start', 'container-start-failed', 9);
  expect((await stage.deploy(1, { kind: 'start' })).status).toBe('failed');
  expect(await stage.running()).toEqual({ a: ['(1 no)'], b: ['(1 no)'] });
});

test('a restart that waits gives way to a removal', async () => {
  await stage.deploy(1);
  const id = await stage.ask(1, { kind: 'restart' });
  await stage.deploy(1, { kind: 'stop', removes: true });
  expect((await stage.temp.store.deployments.get(id))?.status).toBe('superseded');
  expect([await stage.running(), await desired()]).toEqual([{ a: ['(1 no)'], b: ['(1 no)'] }, null]);
  expect(await stage.deploy(1, { kind: 'restart' })).toMatchObject({ status: 'failed', error: { code: 'no-release' } });
});

test('a container of the named ticket that holds none of its ports is left alone', async () => {
  a.offer(imageOf(9, 'other'));
  await a.images.pull(imageOf(9, 'other'), null, never);
  const { parameters } = kept(1, { ports: [{ hostIp: '', hostPort: 9999, containerPort: 80, protocol: 'tcp' }] });
  const restart = { name: 'always', maxRetries: 0 } as const;
  const other = {
    name: 'legacy',
    image: imageOf(9, 'other'),
    labels: {},
    parameters,
    publish: null,
    takeOver: [],
    restart,
  };
  const { id } = await a.containers.create(other);
  await a.controls.start(id);
  expect((await stage.deploy(1, { adopt: ['legacy'] })).status).toBe('succeeded');
  expect(await stage.running()).toMatchObject({ a: ['legacy always', '1 always'] });
});
