/** What begins and goes on by itself, as time passes and as things happen. */
import { createEvents, type Events } from '../../../../src/events.js';
import type { DeploymentStatus } from '../../../../src/model/deployment.js';
import { runDeploying, type DeployingDeps } from '../../../../src/pipeline/deploy/deploying.js';
import { createRestless } from '../../../../src/pipeline/deploy/restless.js';
import { createObservations } from '../../../../src/pipeline/observe/observations.js';
import { live } from '../../../contracts/store-samples.js';
import { must } from '../../../support/app.js';
import { until } from '../../../support/api-client.js';
import { deployStage, type DeployStage } from '../../../support/deploy-stage.js';
import { manualClock, type ManualClock } from '../../../support/manual-clock.js';

let stage: DeployStage;
let clock: ManualClock;
let events: Events;
let stopping: AbortController;
let deploying: Promise<void>;

// A Wednesday in UTC.
const BEFORE = Date.parse('2026-11-25T19:00Z');
const OPENS = Date.parse('2026-11-25T20:00Z');
const window = { days: ['wed'], from: 20 * 60, to: 23 * 60, zone: 'UTC' } as const;
const before = { a: ['1 always'], b: ['1 always'] };
const prepared = { a: ['1 always', '(2 no)'], b: ['1 always', '(2 no)'] };
const after = { a: ['(1 no)', '2 always'], b: ['(1 no)', '2 always'] };
const deployments = () => stage.temp.store.deployments;

beforeEach(async () => {
  stage = await deployStage();
  await stage.deploy(1);
  clock = manualClock(BEFORE);
  events = createEvents();
  stopping = new AbortController();
  await live(stage.temp.store, 'w');
});
afterEach(async () => {
  stopping.abort();
  // What is under way ends in time that passes.
  let isOver = false;
  void deploying.finally(() => (isOver = true));
  while (!isOver) await tick();
  await stage.close();
});

function begin(): void {
  const observations = createObservations(clock, events);
  const more = { events, observations, restless: createRestless(), membership: { id: () => 'w' }, random: Math.random };
  const deps = { ...stage.deps, clock, uptime: clock.now, ...more };
  deploying = runDeploying(deps as unknown as DeployingDeps, stopping.signal);
}

/** A little of it passes, and what is due then is done. */
async function tick(ms = 10): Promise<void> {
  clock.advance(ms);
  await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Lets time pass until a deployment has that status and gate, but no more than ten seconds of it. */
async function passUntil(id: string, status: DeploymentStatus, gate: 'waits' | 'passed'): Promise<void> {
  const last = clock.now() + 10_000;
  for (;;) {
    const found = must(await deployments().get(id));
    if (found.status === status && found.gate === gate) return;
    if (clock.now() > last) throw new Error(`it is ${found.status} and its gate ${String(found.gate)}`);
    await tick();
  }
}

/** That number of seconds passes, and the deployment stays as it is. */
async function staysAtGate(id: string, seconds: number): Promise<void> {
  for (let passed = 0; passed < seconds; passed += 1) await tick(1_000);
  expect(await deployments().get(id)).toMatchObject({ status: 'pending', gate: 'waits' });
  expect(await stage.running()).toEqual(prepared);
}

test('a deployment that waits for its window begins by itself when that opens, and ends although it closes', async () => {
  stage.environment = { ...stage.environment, window: [window] };
  begin();
  const id = await stage.ask(2);
  expect(await stage.running()).toEqual(before);
  events.publish({ type: 'deployment', id, service: 'app', environment: 'production', status: 'pending' });
  await passUntil(id, 'pending', 'waits');
  clock.advance(OPENS - clock.now() - 5_000);
  await staysAtGate(id, 4);
  clock.advance(1_000);
  await passUntil(id, 'running', 'passed');
  stage.environment = { ...stage.environment, window: [{ ...window, to: 20 * 60 + 1 }] };
  clock.advance(60_000);
  await passUntil(id, 'succeeded', 'passed');
  expect(await stage.running()).toEqual(after);
});

test('a hold that is lifted lets it go on before any time has passed', async () => {
  const { holds } = stage.temp.store;
  await holds.put({ environment: 'production', by: 'ops', reason: 'no', until: null });
  begin();
  const id = await stage.ask(2);
  events.publish({ type: 'deployment', id, service: 'app', environment: 'production', status: 'pending' });
  await passUntil(id, 'pending', 'waits');
  await staysAtGate(id, 5);
  const at = clock.now();
  await holds.remove('production');
  events.publish({ type: 'hold', environment: 'production' });
  await until('its gate to open', async () => (await deployments().get(id))?.gate === 'passed');
  expect(clock.now()).toBe(at);
  await passUntil(id, 'succeeded', 'passed');
  expect(await stage.running()).toEqual(after);
});

test('a hold until a time ends by itself', async () => {
  const { holds } = stage.temp.store;
  await holds.put({ environment: 'production', by: 'ops', reason: 'no', until: OPENS });
  begin();
  const id = await stage.ask(2);
  events.publish({ type: 'deployment', id, service: 'app', environment: 'production', status: 'pending' });
  await passUntil(id, 'pending', 'waits');
  clock.advance(OPENS - clock.now() - 5_000);
  await staysAtGate(id, 4);
  clock.advance(1_000);
  await passUntil(id, 'succeeded', 'passed');
});
