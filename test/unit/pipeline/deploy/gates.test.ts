import type { Window } from '../../../../src/model/environment.js';
import { awaitGate } from '../../../../src/pipeline/deploy/await-gate.js';
import { Notes } from '../../../../src/pipeline/deploy/notes.js';
import { Stopped } from '../../../../src/pipeline/deploy/stopped.js';
import { live } from '../../../contracts/store-samples.js';
import { deployStage, type DeployStage } from '../../../support/deploy-stage.js';
import type { FakeHost } from '../../../support/fake-host.js';
import { onCall } from '../../../support/on-call.js';

let stage: DeployStage;
let a: FakeHost;
beforeEach(async () => {
  stage = await deployStage();
  [a] = [...stage.hosts.values()] as [FakeHost];
  await stage.deploy(1);
});
afterEach(() => stage.close());

const store = () => stage.temp.store;
const hour = 3_600_000;
const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
/** In UTC. */
function window(from: number, to: number): Window {
  const minuteOf = (at: number) => Math.floor((at % (24 * hour)) / 60_000);
  return { days: everyDay, from: minuteOf(from), to: minuteOf(to), zone: 'UTC' };
}
const openWindow = () => window(Date.now() - hour, Date.now() + hour);
const closedWindow = () => window(Date.now() + hour, Date.now() + 2 * hour);
const set = (more: Partial<DeployStage['environment']>) => void (stage.environment = { ...stage.environment, ...more });
const hold = () => store().holds.put({ environment: 'production', by: 'ops', reason: 'no', until: null });
const prepared = { a: ['1 always', '(2 no)'], b: ['1 always', '(2 no)'] };
const after = { a: ['(1 no)', '2 always'], b: ['(1 no)', '2 always'] };

test('everything is prepared and nothing stopped, until the gate is open', async () => {
  set({ window: [closedWindow()] });
  const waits = await stage.deploy(2);
  expect(waits).toMatchObject({ status: 'pending', gate: 'waits', error: null });
  expect(await stage.running()).toEqual(prepared);
  expect(await stage.logOf(waits.id)).toContain('waiting: The window of production is closed.');
  set({ window: [openWindow()] });
  expect(await stage.attempt(waits.id)).toMatchObject({ status: 'succeeded', gate: 'passed' });
  expect(await stage.running()).toEqual(after);
});

test('it does not go on while another gate is closed', async () => {
  set({ window: [openWindow()], approvals: 1 });
  const { id } = await stage.deploy(2);
  await hold();
  await store().deployments.approve(id, 'ops', Date.now());
  expect((await stage.attempt(id)).gate).toBe('waits');
  await store().holds.remove('production');
  expect((await stage.attempt(id)).status).toBe('succeeded');
});

test('an approval that came before it began opens its gate', async () => {
  set({ approvals: 1 });
  const id = await stage.ask(2);
  await store().deployments.approve(id, 'ops', Date.now());
  expect((await stage.attempt(id)).status).toBe('succeeded');
});

test('a gate that closes in mid-deployment does not stop it, also not its next attempt', async () => {
  const stopping = new AbortController();
  set({ window: [openWindow()] });
  onCall(a.controls, 'start', () => {
    set({ window: [closedWindow()] });
    stopping.abort();
  });
  const id = await stage.ask(2);
  expect((await stage.attempt(id, stopping.signal)).status).toBe('pending');
  expect((await stage.running())['b']).toEqual(prepared.b);
  expect((await stage.attempt(id)).status).toBe('succeeded');
  expect(await stage.running()).toEqual(after);
});

test('a worker that dies at the gate changes nothing', async () => {
  await hold();
  const { id } = await stage.deploy(2);
  await live(store(), 'dead');
  expect(await store().deployments.claim(id, 'dead', Date.now())).not.toBeNull();
  await store().workers.leave('dead');
  await store().housekeeping.recover('w');
  expect(await stage.attempt(id)).toMatchObject({ status: 'pending', gate: 'waits' });
  expect(await stage.running()).toEqual(prepared);
});

test.each(['rollback', 'restart', 'stop', 'start'] as const)('a %s passes every gate', async (kind) => {
  set({ window: [closedWindow()], approvals: 3 });
  await hold();
  expect((await stage.deploy(1, { kind })).status).toBe('succeeded');
});

test('a cancel at the gate removes what was made', async () => {
  await hold();
  const { id } = await stage.deploy(2);
  await store().deployments.cancel(id, Date.now());
  expect((await stage.attempt(id)).status).toBe('canceled');
  expect(await stage.running()).toEqual({ a: ['1 always'], b: ['1 always'] });
});

test('a newer ticket of a person takes its place, and what was made for it is removed', async () => {
  await hold();
  const older = await stage.deploy(2);
  const newer = await stage.ask(3);
  expect(await stage.attempt(older.id)).toMatchObject({ status: 'superseded', error: null });
  expect(await stage.running()).toEqual({ a: ['1 always'], b: ['1 always'] });
  expect(await a.images.find(`slipway.local/app:${older.id}`)).toBeNull();
  expect((await stage.attempt(newer)).gate).toBe('waits');
});

describe('before a switch', () => {
  /** An attempt that has come to its switch. */
  async function atSwitch(signal: AbortSignal) {
    const id = await stage.ask(2);
    await live(store(), 'w');
    const deployment = await store().deployments.claim(id, 'w', Date.now());
    if (deployment === null) throw new Error('it cannot be claimed');
    const notes = new Notes(deployment, stage.deps, (text) => text);
    return { deployment, environment: stage.environment, notes, signal };
  }
  const until = async (id: string, gate: 'waits' | 'passed') => {
    while ((await store().deployments.get(id))?.gate !== gate) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const never = new AbortController().signal;

  test('an open gate lets it pass at once', async () => {
    const attempt = await atSwitch(never);
    await awaitGate(attempt, stage.deps);
    expect(await store().deployments.get(attempt.deployment.id)).toMatchObject({ status: 'running', gate: 'passed' });
    expect(await stage.logOf(attempt.deployment.id)).toBe('');
  });

  test('it waits, and goes on when the gate opens', async () => {
    await hold();
    const attempt = await atSwitch(never);
    const passes = awaitGate(attempt, stage.deps);
    await until(attempt.deployment.id, 'waits');
    expect((await store().deployments.get(attempt.deployment.id))?.status).toBe('running');
    await store().holds.remove('production');
    await passes;
    expect((await store().deployments.get(attempt.deployment.id))?.gate).toBe('passed');
    expect(await stage.logOf(attempt.deployment.id)).toMatch(
      /waiting: ops holds production: no\.\n.*the gates are open/,
    );
  });

  test.each(['cancel', 'superseded', 'drain', 'lost'] as const)('its attempt ends with %s', async (kind) => {
    await hold();
    const stop = new AbortController();
    const attempt = await atSwitch(stop.signal);
    const passes = awaitGate(attempt, stage.deps);
    await until(attempt.deployment.id, 'waits');
    stop.abort(new Stopped(kind));
    await expect(passes).rejects.toEqual(new Stopped(kind));
  });

  test('what went on is not stopped again', async () => {
    const attempt = await atSwitch(never);
    await awaitGate(attempt, stage.deps);
    await hold();
    const deployment = (await store().deployments.get(attempt.deployment.id)) ?? attempt.deployment;
    await awaitGate({ ...attempt, deployment }, stage.deps);
  });
});
