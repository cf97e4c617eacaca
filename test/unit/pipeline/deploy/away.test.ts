import type { Deployment } from '../../../../src/model/deployment.js';
import { deployStage, kept, type DeployStage } from '../../../support/deploy-stage.js';
import type { FakeHost } from '../../../support/fake-host.js';
import { onCall } from '../../../support/on-call.js';

let stage: DeployStage;
let a: FakeHost;
let b: FakeHost;
let c: FakeHost;
beforeEach(async () => {
  stage = await deployStage(['a', 'b', 'c']);
  [a, b, c] = [...stage.hosts.values()] as [FakeHost, FakeHost, FakeHost];
  await stage.deploy(1);
});
afterEach(() => stage.close());

const behind = async () => (await stage.temp.store.deployments.desired('production', 'app'))?.behind;
const errorOf = ({ status, error }: Deployment) => [status, error?.code, error?.host];
/** Away now, and back after a while. */
const leave = (host: FakeHost, ms: number) => {
  host.setAway(true);
  setTimeout(() => host.setAway(false), ms);
};
const crashing = { specification: kept(2, { command: ['crash'] }) };
const letCrash = () => [a, b, c].forEach((host) => host.program(['crash'], { exit: 1 }));

describe('a host that is away', () => {
  test('is left out with a warning', async () => {
    b.setAway(true);
    const { status, warnings, hosts } = await stage.deploy(2);
    expect([status, warnings.join()]).toEqual(['succeeded', expect.stringMatching(/Host b.*left out/)]);
    expect(hosts.map(({ host, state }) => `${host} ${state}`).sort()).toEqual(['a done', 'b waiting', 'c done']);
    expect(await behind()).toEqual(['b']);
    expect(await stage.running()).toMatchObject({ b: ['1 always'], c: ['(1 no)', '2 always'] });
  });

  test('for a moment is waited for', async () => {
    leave(b, 60);
    expect(await stage.deploy(2)).toMatchObject({ status: 'succeeded' });
    expect(await behind()).toEqual([]);
  });

  test('like all others ends the deployment when the time is over', async () => {
    for (const host of [a, b, c]) host.setAway(true);
    const began = Date.now();
    expect((await stage.deploy(2)).error?.code).toBe('host-unreachable');
    expect(Date.now() - began).toBeGreaterThanOrEqual(stage.environment.timeouts.reach);
    for (const host of [a, b, c]) host.setAway(false);
    expect(await stage.running()).toEqual({ a: ['1 always'], b: ['1 always'], c: ['1 always'] });
  });
});

describe('a host that goes away in the middle', () => {
  test.each(['create', 'start', 'stop', 'setRestart', 'inspect'] as const)('of %s is waited for', async (method) => {
    const target = method === 'create' || method === 'inspect' ? a.containers : a.controls;
    const id = await stage.ask(2);
    onCall(target, method as never, () => leave(a, 60));
    expect((await stage.attempt(id)).status).toBe('succeeded');
    expect(await stage.running()).toMatchObject({ a: ['(1 no)', '2 always'], b: ['(1 no)', '2 always'] });
  });

  test('is waited for from then on, however long the deployment already runs', async () => {
    stage.environment = { ...stage.environment, timeouts: { ...stage.environment.timeouts, settle: 400 } };
    const id = await stage.ask(2);
    onCall(a.controls, 'setRestart', () => leave(a, 60));
    expect((await stage.attempt(id)).status).toBe('succeeded');
  });

  test('and stays away is behind, and the others are as before', async () => {
    const id = await stage.ask(2);
    onCall(b.controls, 'start', () => b.setAway(true));
    expect(errorOf(await stage.attempt(id))).toEqual(['rolled-back', 'host-unreachable', 'b']);
    expect(await stage.running()).toMatchObject({ a: ['1 always', '(2 no)'], c: ['1 always'] });
    expect(await behind()).toEqual(['b']);
  });
});

test('a host that goes away on the way back is behind', async () => {
  letCrash();
  const id = await stage.ask(2, crashing);
  onCall(a.controls, 'start', () => onCall(a.controls, 'stop', () => a.setAway(true)), 'after');
  const { store } = stage.temp;
  onCall(store.deployments, 'turnBack', () => a.setAway(true), 'after');
  const failed = await stage.attempt(id);
  expect([failed.error?.code, await behind()]).toEqual(['container-crashed', ['a']]);
  expect(failed.warnings.join()).toContain('Host a');
  expect(await stage.running()).toMatchObject({ b: ['1 always'], c: ['1 always'] });
});

describe('an answer that is lost', () => {
  test.each(['create', 'start', 'stop', 'setRestart', 'tag', 'pull'] as const)(
    'of %s changes nothing',
    async (method) => {
      for (const host of [a, b, c]) host.breakOff(method);
      expect((await stage.deploy(2)).status).toBe('succeeded');
      const one = ['(1 no)', '2 always'];
      expect(await stage.running()).toEqual({ a: one, b: one, c: one });
    },
  );

  test('and is an error of the engine, although the container runs, is no fault', async () => {
    a.breakOff('start', 1, 'engine-error');
    expect((await stage.deploy(2)).status).toBe('succeeded');
  });

  test('of a stop does not leave the host without a container, even if the server stops', async () => {
    const stopping = new AbortController();
    const id = await stage.ask(2);
    a.breakOff('stop');
    onCall(a.controls, 'stop', () => stopping.abort());
    await stage.attempt(id, stopping.signal);
    expect((await stage.running())['a']).toEqual(['(1 always)', '2 no']);
  });

  test('of a start in a restart does not stand for a verification', async () => {
    const asked = { specification: kept(1, {}, { verify: { expect: 'the right one' } }) };
    stage.answers.set('127.0.0.1:8080', { status: 200, headers: {}, body: 'the right one' });
    expect((await stage.deploy(1, asked)).status).toBe('succeeded');
    stage.environment = { ...stage.environment, timeouts: { ...stage.environment.timeouts, start: 60 } };
    stage.answers.set('127.0.0.1:8080', { status: 200, headers: {}, body: 'another one' });
    a.breakOff('start');
    onCall(a.controls, 'start', () => a.fail('inspect', 'host-unreachable'));
    expect(errorOf(await stage.deploy(1, { kind: 'restart' }))).toEqual(['failed', 'version-mismatch', 'a']);
  });
});
