/** What goes wrong at a balancer, or while it is asked. */
import type { Environment, HaproxySettings } from '../../../../src/model/environment.js';
import { deployStage, kept, never, type DeployStage } from '../../../support/deploy-stage.js';
import type { FakeHost } from '../../../support/fake-host.js';
import { onCall } from '../../../support/on-call.js';

let stage: DeployStage;
afterEach(() => stage.close());

const behind: HaproxySettings = {
  ...({ kind: 'haproxy', sockets: [], stateFile: null, backend: 'app', servers: new Map() } as const),
  address: 'http://app.test',
};
const timeouts = { reach: 150, pull: 150, start: 500, settle: 20, drain: 20, drainMax: 200, soak: 60 };
async function open(strategy: Environment['strategy'], names = ['a', 'b'], active = ['a']): Promise<void> {
  stage = await deployStage(names, active);
  stage.environment = { ...stage.environment, strategy, balancer: behind, timeouts };
}
const on = (name: string): FakeHost => {
  const host = stage.hosts.get(name);
  if (host === undefined) throw new Error(`there is no host ${name}`);
  return host;
};
const states = async (): Promise<Record<string, string>> =>
  Object.fromEntries([...(await stage.balancer.observe('app'))].map(([name, { state }]) => [name, state]));
const desired = () => stage.temp.store.deployments.desired('production', 'app');

test('somebody who cancels while the balancer gives wrong answers is heard at once', async () => {
  await open('blue-green');
  await stage.deploy(1);
  stage.environment = { ...stage.environment, timeouts: { ...timeouts, start: 20_000 } };
  stage.answers.set('127.0.0.1:8080', { status: 200, headers: {}, body: 'two' });
  stage.answers.set('app.test', { status: 200, headers: {}, body: 'one' });
  const id = await stage.ask(2, { specification: kept(2, {}, { verify: { expect: 'two' } }) });
  const began = performance.now();
  onCall(stage.balancer, 'drain', async () => void (await stage.temp.store.deployments.cancel(id, Date.now())));
  expect((await stage.attempt(id)).status).toBe('rolled-back');
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(await states()).toEqual({ a: 'drained', b: 'active' });
});

test('a lease that got too short while the balancer was busy is noticed before the change', async () => {
  await open('blue-green');
  await stage.deploy(1);
  const before = await states();
  const { deployments } = stage.temp.store;
  const { owned } = deployments;
  const id = await stage.ask(2);
  onCall(stage.balancer, 'enable', () => void Object.assign(deployments, { owned: async () => 5_000 }));
  expect((await stage.attempt(id)).status).toBe('pending');
  expect(await states()).toEqual(before);
  Object.assign(deployments, { owned });
  expect((await stage.attempt(id)).status).toBe('succeeded');
});

test.each([
  ['enable', 'a'],
  ['drain', 'b'],
] as const)('a %s that reached one balancer of a pair is made again by the next attempt', async (what, host) => {
  await open('blue-green');
  await stage.deploy(1);
  const id = await stage.ask(2);
  const stopping = new AbortController();
  // The process dies between the two.
  onCall(stage.balancer, what, () => {
    stage.balancer.set('app', host, { state: 'unknown', reason: 'they differ' });
    stage.balancer.fail(what, 'balancer-unavailable', 99);
    stopping.abort();
  });
  await stage.attempt(id, stopping.signal);
  stage.balancer.heal(what);
  expect((await stage.attempt(id, never)).status).toBe('succeeded');
  expect(await states()).toEqual({ a: 'active', b: 'drained' });
});

test('a first deployment that fails after the switch leaves as many active as before', async () => {
  await open('blue-green');
  stage.balancer.setDown('a', true);
  stage.answers.set('127.0.0.1:8080', { status: 200, headers: {}, body: 'one' });
  const verify = { expect: 'one' };
  const { status, error } = await stage.deploy(1, { specification: kept(1, {}, { verify }) });
  expect([status, error?.code]).toEqual(['failed', 'verification-timeout']);
  expect(Object.values(await states()).filter((state) => state !== 'drained')).toHaveLength(1);
  stage.balancer.setDown('a', false);
  stage.answers.set('app.test', { status: 200, headers: {}, body: 'one' });
  expect((await stage.deploy(1, { specification: kept(1, {}, { verify }), force: true })).status).toBe('succeeded');
});

test('with rolling an active host that is away ends it before anything is changed', async () => {
  await open('rolling', ['a', 'b'], ['a', 'b']);
  await stage.deploy(1);
  on('a').setAway(true);
  const { status, error } = await stage.deploy(2);
  expect([status, error?.code]).toEqual(['failed', 'host-unreachable']);
  expect((await stage.running())['b']).toEqual(['1 always']);
});

test('with rolling a host that is lost while it is drained gets its requests back with its repair', async () => {
  await open('rolling', ['a', 'b'], ['a', 'b']);
  await stage.deploy(1);
  onCall(on('a').controls, 'stop', () => on('a').setAway(true));
  expect((await stage.deploy(2)).status).not.toBe('succeeded');
  expect(await states()).toEqual({ a: 'drained', b: 'active' });
  on('a').setAway(false);
  await stage.deploy(1, { kind: 'repair', only: ['a'], requester: { by: 'slipway', person: false } });
  expect([(await desired())?.release.number, await states()]).toEqual([1, { a: 'active', b: 'active' }]);
});

const repair = (host: string) =>
  stage.deploy(2, { kind: 'repair', only: [host], requester: { by: 'slipway', person: false } });

test.each(['before the switch', 'during it'])(
  'an active host that dies %s is the standby after its repair',
  async (when) => {
    await open('blue-green');
    await stage.deploy(1);
    const dies = () => {
      on('b').setAway(true);
      stage.balancer.setDown('b', true);
    };
    if (when === 'during it') onCall(stage.balancer, 'drain', dies);
    else dies();
    expect([(await stage.deploy(2)).status, await states()]).toEqual(['succeeded', { a: 'active', b: 'drained' }]);
    on('b').setAway(false);
    stage.balancer.setDown('b', false);
    expect((await repair('b')).status).toBe('succeeded');
    expect([await states(), (await stage.running())['b']?.at(-1)]).toEqual([{ a: 'active', b: 'drained' }, '2 always']);
  },
);

test('a host whose successor is dead gets requests again after its repair', async () => {
  await open('blue-green');
  await stage.deploy(1);
  on('b').setAway(true);
  stage.balancer.setDown('b', true);
  expect((await stage.deploy(2)).status).toBe('succeeded');
  on('b').setAway(false);
  stage.balancer.setDown('b', false);
  stage.balancer.setDown('a', true);
  expect((await repair('b')).status).toBe('succeeded');
  expect(await states()).toEqual({ a: 'down', b: 'active' });
});

test.each([0, 9])(
  'of three hosts a dead one hinders nothing, and is active again if fewer are (faults: %i)',
  async (faults) => {
    await open('blue-green', ['a', 'b', 'c'], ['b', 'c']);
    await stage.deploy(1);
    expect(await states()).toEqual({ a: 'active', b: 'active', c: 'drained' });
    on('a').setAway(true);
    stage.balancer.setDown('a', true);
    if (faults > 0) on('b').fail('start', 'port-in-use', faults);
    const { status } = await stage.deploy(2);
    expect([status, await states()]).toEqual([
      'succeeded',
      { a: 'drained', b: faults > 0 ? 'drained' : 'active', c: 'active' },
    ]);
    on('a').setAway(false);
    stage.balancer.setDown('a', false);
    expect((await repair('a')).status).toBe('succeeded');
    expect((await states())['a']).toBe(faults > 0 ? 'active' : 'drained');
  },
);

test('a drained host that is away while both are kept rolls nothing back', async () => {
  await open('blue-green');
  await stage.deploy(1);
  stage.environment = { ...stage.environment, timeouts: { ...timeouts, soak: 400 } };
  onCall(stage.balancer, 'drain', () => void setTimeout(() => on('b').setAway(true), 50));
  const { status, warnings } = await stage.deploy(2);
  expect([status, await states()]).toEqual(['succeeded', { a: 'active', b: 'drained' }]);
  expect(warnings.join('\n')).toContain('b is tried again later');
});

test('a balancer that is away on the way back is waited for', async () => {
  await open('blue-green');
  await stage.deploy(1);
  stage.answers.set('127.0.0.1:8080', { status: 200, headers: {}, body: 'two' });
  stage.answers.set('app.test', { status: 200, headers: {}, body: 'one' });
  const id = await stage.ask(2, { specification: kept(2, {}, { verify: { expect: 'two' } }) });
  onCall(stage.balancer, 'drain', () => void setTimeout(() => stage.balancer.setAway(true), 300));
  expect((await stage.attempt(id)).status).toBe('pending');
  stage.balancer.setAway(false);
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect((await stage.attempt(id)).status).toBe('rolled-back');
  expect(await states()).toEqual({ a: 'drained', b: 'active' });
});
