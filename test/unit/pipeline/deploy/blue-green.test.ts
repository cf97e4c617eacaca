import type { Environment, HaproxySettings } from '../../../../src/model/environment.js';
import { deployStage, kept, type DeployStage } from '../../../support/deploy-stage.js';
import type { FakeHost } from '../../../support/fake-host.js';
import { onCall } from '../../../support/on-call.js';

let stage: DeployStage;
afterEach(() => stage.close());

const behind: HaproxySettings = {
  ...({ kind: 'haproxy', sockets: [], stateFile: null, backend: 'app', servers: new Map() } as const),
  address: 'http://app.test',
};
const times = { reach: 150, pull: 150, start: 500, settle: 20, drain: 20, drainMax: 200, soak: 60 };
async function open(names = ['a', 'b'], active = ['a'], changes: Partial<Environment> = {}): Promise<void> {
  stage = await deployStage(names, active);
  stage.environment = {
    ...stage.environment,
    ...{ strategy: 'blue-green', gate: 'switch', balancer: behind, timeouts: times },
    ...changes,
  };
}

const on = (name: string): FakeHost => {
  const host = stage.hosts.get(name);
  if (host === undefined) throw new Error(`there is no host ${name}`);
  return host;
};
const states = async (): Promise<Record<string, string>> =>
  Object.fromEntries([...(await stage.balancer.observe('app'))].map(([name, { state }]) => [name, state]));
/** What was changed at the balancer. */
const changes = (): readonly string[] => stage.balancer.transcript.filter((line) => !line.startsWith('observe'));
const desired = async () => (await stage.temp.store.deployments.desired('production', 'app'))?.release.number;

describe('a switch', () => {
  beforeEach(() => open());

  test('goes to the idle host once it is verified, and the other one follows as the standby', async () => {
    const first = await stage.deploy(1);
    expect([first.status, await states()]).toEqual(['succeeded', { a: 'drained', b: 'active' }]);
    expect(changes()).toEqual(['enable app b', 'drain app a']);
    const second = await stage.deploy(2);
    expect([second.status, await states()]).toEqual(['succeeded', { a: 'active', b: 'drained' }]);
    expect(await stage.running()).toEqual({ a: ['(1 no)', '2 always'], b: ['(1 no)', '2 always'] });
    expect(second.hosts.map(({ host, state }) => [host, state])).toEqual([
      ['a', 'done'],
      ['b', 'done'],
    ]);
    expect(second.activeBefore).toEqual(['b']);
  });

  test('does nothing for the same release again', async () => {
    await stage.deploy(1);
    const before = changes();
    expect((await stage.deploy(1)).status).toBe('succeeded');
    expect(changes()).toEqual(before);
  });

  test('is not made if the idle host fails: it gets back what it had, and nobody has noticed anything', async () => {
    await stage.deploy(1);
    const before = changes();
    for (const host of stage.hosts.values()) host.program(['crash'], { exit: 3 });
    const { status, error } = await stage.deploy(2, { specification: kept(2, { command: ['crash'] }) });
    expect([status, error?.code]).toEqual(['failed', 'container-crashed']);
    expect([changes(), await states()]).toEqual([before, { a: 'drained', b: 'active' }]);
    expect(await stage.running()).toEqual({ a: ['1 always', '(2 no)'], b: ['1 always'] });
    expect(await desired()).toBe(1);
  });

  test('is taken back while both are there: the old one is enabled before the new one is drained', async () => {
    await stage.deploy(1);
    const before = changes().length;
    stage.answers.set('app.test', { status: 200, headers: {}, body: 'one' });
    stage.answers.set('127.0.0.1:8080', { status: 200, headers: {}, body: 'two' });
    const specification = kept(2, {}, { verify: { path: '/version', expect: 'two' } });
    const { status, error, hosts } = await stage.deploy(2, { specification });
    expect([status, error?.code]).toEqual(['rolled-back', 'version-mismatch']);
    expect(error?.message).toContain('http://app.test/version');
    expect(changes().slice(before)).toEqual(['enable app a', 'drain app b', 'enable app b', 'drain app a']);
    expect(await stage.running()).toEqual({ a: ['1 always', '(2 no)'], b: ['1 always'] });
    expect(hosts.flatMap(({ verifications }) => verifications.map(({ via, ok }) => [via, ok]))).toContainEqual([
      'balancer',
      false,
    ]);
    expect(await desired()).toBe(1);
  });

  test('is taken back if the new container crashes while both are kept', async () => {
    await stage.deploy(1);
    stage.environment = { ...stage.environment, timeouts: { ...times, soak: 1_500 } };
    const crash = () => {
      const name = [...on('a').all.values()].find(({ container }) => container.labels['dev.slipway.release'] === '2');
      if (name !== undefined) on('a').crash(name.container.name, 9);
    };
    onCall(stage.balancer, 'drain', () => void setTimeout(crash, 100));
    const { status, error } = await stage.deploy(2);
    expect([status, error?.code, error?.host]).toEqual(['rolled-back', 'container-crashed', 'a']);
    expect(await states()).toEqual({ a: 'drained', b: 'active' });
  });

  test('waits for the check of the balancer, and goes back if it never passes', async () => {
    await stage.deploy(1);
    stage.balancer.holdChecks();
    const { status, error } = await stage.deploy(2);
    expect([status, error?.code]).toEqual(['rolled-back', 'balancer-refused']);
    expect(await states()).toEqual({ a: 'drained', b: 'active' });
    expect(await stage.running()).toEqual({ a: ['1 always', '(2 no)'], b: ['1 always'] });
  });
});

test.each([[[]], [['a', 'b']]])(
  'with %j active there is no host to switch to or from, and nothing is touched',
  async (active) => {
    await open(['a', 'b'], active);
    const { status, error } = await stage.deploy(1);
    expect([status, error?.code, error?.blame]).toEqual(['failed', 'no-other-server', 'balancer']);
    expect(await stage.running()).toEqual({ a: [], b: [] });
  },
);

test('with more active hosts than idle ones it goes in waves', async () => {
  await open(['a', 'b', 'c'], ['a', 'b']);
  const { status, warnings } = await stage.deploy(1);
  expect([status, warnings.filter((one) => one.includes('was undone'))]).toEqual(['succeeded', []]);
  expect(changes()).toEqual(['enable app c', 'drain app a', 'enable app a', 'drain app b']);
  expect(await states()).toEqual({ a: 'active', b: 'drained', c: 'active' });
});

test('an active host that is dead is drained, and brought up to date when it is back', async () => {
  await open();
  await stage.deploy(1);
  on('b').setAway(true);
  stage.balancer.setDown('b', true);
  const { status, warnings } = await stage.deploy(2);
  expect([status, await states()]).toEqual(['succeeded', { a: 'active', b: 'drained' }]);
  expect(warnings.join()).toContain('b');
  expect((await stage.temp.store.deployments.desired('production', 'app'))?.behind).toMatchObject([{}]);
});

test('an active host that is away and has requests ends it before anything is changed', async () => {
  await open();
  await stage.deploy(1);
  const before = changes();
  on('b').setAway(true);
  const { status, error } = await stage.deploy(2);
  expect([status, error?.code]).toEqual(['failed', 'host-unreachable']);
  expect(changes()).toEqual(before);
});

test('a standby that fails by its own fault rolls everything back', async () => {
  await open();
  await stage.deploy(1);
  on('b').program(['once'], { exit: 4 });
  const { status, error } = await stage.deploy(2, { specification: kept(2, { command: ['once'] }) });
  expect([status, error?.code, error?.host]).toEqual(['rolled-back', 'container-crashed', 'b']);
  expect(await states()).toEqual({ a: 'drained', b: 'active' });
  expect(await stage.running()).toEqual({ a: ['1 always', '(2 no)'], b: ['1 always', '(2 no)'] });
});

test('a standby that fails by the fault of its host is named, and tried again later', async () => {
  await open();
  await stage.deploy(1);
  on('b').fail('start', 'port-in-use', 9);
  const { status, warnings } = await stage.deploy(2);
  expect([status, await states()]).toEqual(['succeeded', { a: 'active', b: 'drained' }]);
  expect(warnings.join('\n')).toContain('b is tried again later');
});

test('a drained host is left alone while it has sessions, with a warning', async () => {
  await open();
  await stage.deploy(1);
  stage.balancer.set('app', 'b', { sessions: 3 });
  const { status, warnings } = await stage.deploy(2);
  expect(status).toBe('succeeded');
  expect(warnings.join('\n')).toContain('drain-timeout: b still has 3 sessions');
});

test('a switch that the balancer forgets is made again, with a warning', async () => {
  await open();
  await stage.deploy(1);
  await stage.deploy(2);
  // It begins with `a`, which is to be drained.
  expect(await states()).toEqual({ a: 'active', b: 'drained' });
  const before = changes().length;
  onCall(stage.balancer, 'drain', () => void setTimeout(() => stage.balancer.reload(), 20));
  const { status, warnings } = await stage.deploy(3);
  expect([status, await states()]).toEqual(['succeeded', { a: 'drained', b: 'active' }]);
  expect(changes().slice(before)).toEqual(['enable app b', 'drain app a', 'enable app b', 'drain app a']);
  expect(warnings.join('\n')).toMatch(/The enable of b was undone at the balancer/);
  expect((await stage.running())['a']?.at(-1)).toBe('3 always');
});

test.each([
  ['blue-green', ['a'], { a: 'drained', b: 'active' }],
  ['rolling', ['a', 'b'], { a: 'active', b: 'active' }],
] as const)(
  'with %s a host that gets requests again while it has sessions is drained again',
  async (strategy, active, end) => {
    await open(['a', 'b'], [...active], { strategy, timeouts: { ...times, soak: 1, drainMax: 20_000 } });
    await stage.deploy(1);
    if (strategy === 'blue-green') await stage.deploy(2);
    expect((await states())['a']).toBe('active');
    const forget = () => {
      stage.balancer.set('app', 'a', { sessions: 3 });
      setTimeout(() => stage.balancer.reload(), 150);
    };
    onCall(stage.balancer, 'drain', forget, 'after');
    let atStop: unknown = null;
    onCall(on('a').controls, 'stop', async () => void (atStop = (await states())['a']));
    expect((await stage.deploy(3)).status).toBe('succeeded');
    expect([atStop, await states()]).toEqual(['drained', end]);
  },
);

test('a balancer that is away is waited for, and then nothing is changed', async () => {
  await open();
  stage.balancer.setAway(true);
  const { status, error } = await stage.deploy(1);
  expect([status, error?.code, error?.blame]).toEqual(['failed', 'balancer-unavailable', 'balancer']);
  expect(await stage.running()).toEqual({ a: [], b: [] });
});

test('with rolling each host is drained, replaced and enabled in its turn', async () => {
  await open(['a', 'b'], ['a', 'b'], { strategy: 'rolling', gate: 'start' });
  await stage.deploy(1);
  const before = changes().length;
  expect((await stage.deploy(2)).status).toBe('succeeded');
  expect(changes().slice(before)).toEqual(['drain app a', 'enable app a', 'drain app b', 'enable app b']);
});

test('with rolling a host that fails gets back what it had, and its requests', async () => {
  await open(['a', 'b'], ['a', 'b'], { strategy: 'rolling', gate: 'start' });
  await stage.deploy(1);
  on('b').program(['crash'], { exit: 1 });
  const { status } = await stage.deploy(2, { specification: kept(2, { command: ['crash'] }) });
  expect([status, await states()]).toEqual(['rolled-back', { a: 'active', b: 'active' }]);
  expect(await stage.running()).toEqual({ a: ['1 always', '(2 no)'], b: ['1 always', '(2 no)'] });
});
