import { createEvents } from '../../../../src/events.js';
import type { Deployment, NewDeployment } from '../../../../src/model/deployment.js';
import { createRestless, type Restless } from '../../../../src/pipeline/deploy/restless.js';
import { createRepairs, type Repairs } from '../../../../src/pipeline/deploy/repair.js';
import { runDeploying, type DeployingDeps } from '../../../../src/pipeline/deploy/deploying.js';
import { createExpected } from '../../../../src/pipeline/observe/expected.js';
import { lookAtHost } from '../../../../src/pipeline/observe/look-at-host.js';
import { createObservations } from '../../../../src/pipeline/observe/observations.js';
import type { Service } from '../../../../src/model/service.js';
import { takeOverNames } from '../../../../src/server/former-names.js';
import { systemClock } from '../../../../src/system-clock.js';
import { live } from '../../../contracts/store-samples.js';
import { deployStage, kept, type DeployStage } from '../../../support/deploy-stage.js';
import { deploySettings } from '../../../support/own-containers.js';
import type { FakeHost } from '../../../support/fake-host.js';

let stage: DeployStage;
let a: FakeHost;
let b: FakeHost;
let repairs: Repairs;
let restless: Restless;
let drifted: string[];
let later = 0;
const events = createEvents();
const observations = createObservations(systemClock, events);
const clock = { ...systemClock, now: () => Date.now() + later };

beforeEach(async () => {
  later = 0;
  stage = await deployStage();
  [a, b] = [...stage.hosts.values()] as [FakeHost, FakeHost];
  restless = createRestless();
  drifted = [];
  const noted = { restless, drifted: (_: string, host: string) => void drifted.push(host) };
  repairs = createRepairs({ ...stage.deps, ...noted, clock, observations, random: Math.random });
  await deploy(1);
});
afterEach(() => stage.close());

const everywhere = { publish: { a: null, b: null } };
const deploy = (number: number, over: Partial<NewDeployment> = {}) =>
  stage.deploy(number, { specification: kept(number, {}, everywhere), ...over });
const settings = (repair: 'off' | 'missing' | 'all') => void (stage.environment = { ...stage.environment, repair });
const { deployments } = { deployments: () => stage.temp.store.deployments };

/** Looks at the hosts as they are. */
async function observe(): Promise<void> {
  await systemClock.sleep(3, new AbortController().signal);
  const expected = await createExpected(stage.temp.store)('production');
  for (const [name, host] of stage.hosts) {
    const seen = await lookAtHost(host, 'production', { labels: stage.deps.labels, expected }).catch(() => null);
    observations.note('production', name, seen === null ? { why: 'away' } : { seen });
  }
}

/** What is asked for by itself after a look, if anything is. */
async function due(): Promise<Deployment | null> {
  await observe();
  const before = await deployments().unfinished();
  await repairs.look(before);
  const [found = null] = (await deployments().unfinished()).filter(({ id }) => !before.some((one) => one.id === id));
  return found;
}
const repaired = async () => {
  const asked = await due();
  return asked === null ? null : stage.attempt(asked.id);
};
const behind = async () => (await deployments().desired('production', 'app'))?.behind;
const stopByHand = async (host: FakeHost) => {
  for (const { id, state } of await Promise.all([...host.all.keys()].map((name) => host.containers.inspect(name))).then(
    (all) => all.flatMap((one) => one ?? []),
  ))
    if (state.status === 'running') await host.controls.stop(id, 0);
};

describe('gates', () => {
  const hold = () => stage.temp.store.holds.put({ environment: 'production', by: 'ops', reason: 'no', until: null });

  test('nothing is repaired under a hold, but a host that was left out is', async () => {
    settings('missing');
    await hold();
    await stopByHand(a);
    expect(await due()).toBeNull();
    await stage.temp.store.holds.remove('production');
    expect(await due()).toMatchObject({ kind: 'repair', only: ['a'] });
  });

  test('a host that was left out is brought up to date under a hold', async () => {
    b.setAway(true);
    await deploy(2);
    b.setAway(false);
    await hold();
    expect(await due()).toMatchObject({ kind: 'repair', only: ['b'] });
  });

  test('a deployment that waits at its gate keeps no host from being repaired', async () => {
    settings('missing');
    stage.environment = { ...stage.environment, approvals: 1 };
    const waits = await deploy(2);
    expect(waits.gate).toBe('waits');
    await stopByHand(a);
    expect(await repaired()).toMatchObject({ kind: 'repair', status: 'succeeded' });
    expect(await deployments().get(waits.id)).toMatchObject({ status: 'pending', turnedBack: null });
  });
});

describe('a host that was left out', () => {
  beforeEach(async () => {
    b.setAway(true);
    await deploy(2);
  });

  test('is left alone while it is away', async () => {
    expect(await due()).toBeNull();
  });

  test('is brought to what is desired once it is back, and no other host is touched', async () => {
    b.setAway(false);
    const calls = a.transcript.length;
    const asked = await due();
    expect(asked).toMatchObject({ kind: 'repair', only: ['b'], requester: { by: 'slipway', person: false } });
    expect((await stage.attempt(asked?.id ?? '')).status).toBe('succeeded');
    expect(await stage.running()).toMatchObject({ b: ['(1 no)', '2 always'] });
    expect(a.transcript.slice(calls).filter((line) => /^(create|start|stop|setRestart) /.test(line))).toEqual([]);
    expect(await behind()).toEqual([]);
    expect((await deployments().desired('production', 'app'))?.release.number).toBe(2);
    expect(await due()).toBeNull();
  });

  test('is brought to what is desired by then', async () => {
    await deploy(3);
    b.setAway(false);
    expect((await repaired())?.status).toBe('succeeded');
    expect((await stage.running())['b']).toEqual(['(1 no)', '3 always']);
  });

  test('is stopped where nothing should run any more', async () => {
    await stage.deploy(2, { kind: 'stop' });
    expect(await behind()).toEqual(['b']);
    b.setAway(false);
    expect(await repaired()).toMatchObject({ kind: 'stop', only: ['b'], status: 'succeeded' });
    expect(await stage.running()).toMatchObject({ b: ['(1 no)'] });
    expect(await deployments().desired('production', 'app')).toMatchObject({ wanted: 'stopped', behind: [] });
  });

  test('is brought there although another one is still away', async () => {
    const third = await deployStage(['a', 'b', 'c']);
    const { hosts, temp } = third;
    await third.deploy(1);
    for (const name of ['b', 'c']) hosts.get(name)?.setAway(true);
    await third.deploy(1, { kind: 'stop' });
    hosts.get('b')?.setAway(false);
    await third.deploy(1, { kind: 'stop', only: ['b'] });
    expect(await temp.store.deployments.desired('production', 'app')).toMatchObject({ behind: ['c'] });
    await third.close();
  });

  test('waits for a deployment that has not ended', async () => {
    b.setAway(false);
    await stage.ask(3, { specification: kept(3, {}, everywhere) });
    expect(await due()).toBeNull();
  });
});

describe('a container that somebody stopped', () => {
  beforeEach(() => stopByHand(a));

  test('stays stopped, unless the environment says otherwise', async () => {
    expect(await due()).toBeNull();
  });

  test('is started again with `repair: missing`', async () => {
    settings('missing');
    expect(await repaired()).toMatchObject({ kind: 'repair', only: ['a'], status: 'succeeded' });
    expect(await stage.running()).toEqual({ a: ['1 always'], b: ['1 always'] });
    expect(await due()).toBeNull();
  });

  test('is created again if it was removed as well', async () => {
    settings('missing');
    for (const name of a.all.keys()) await a.containers.remove(name);
    expect((await repaired())?.status).toBe('succeeded');
    expect(await stage.running()).toEqual({ a: ['1 always'], b: ['1 always'] });
    expect(await due()).toBeNull();
  });

  test('is started three times in ten minutes, then it is said once that it does not stay up', async () => {
    settings('missing');
    for (let times = 0; times < 3; times += 1) {
      expect((await repaired())?.status).toBe('succeeded');
      await stopByHand(a);
    }
    expect([await due(), await due()]).toEqual([null, null]);
    const said = stage.log.lines.filter(({ level }) => level === 'warn');
    expect(said).toMatchObject([{ bindings: { service: 'app', hosts: ['a'], drift: 'does-not-stay-up' } }]);
    expect([restless.of('production', 'app'), drifted]).toEqual([['a'], ['a']]);
    later = 601_000;
    expect((await repaired())?.status).toBe('succeeded');
    expect([restless.all(), drifted]).toEqual([[], ['a', 'a']]);
  });

  test('is not started because of what was seen before a deployment', async () => {
    settings('missing');
    await observe();
    await stage.deploy(1, { kind: 'restart', specification: kept(1, {}, everywhere) });
    await repairs.look(await deployments().unfinished());
    expect(await deployments().unfinished()).toEqual([]);
  });

  test('stays stopped where nothing should run', async () => {
    settings('all');
    await stage.deploy(1, { kind: 'stop', specification: kept(1, {}, everywhere) });
    expect(await due()).toBeNull();
  });
});

describe('settings that somebody changed', () => {
  beforeEach(() => {
    for (const { container } of a.all.values())
      Object.assign(container, { parameters: { ...container.parameters, memory: 2 ** 20 } });
  });

  test('stay with `repair: missing`', async () => {
    settings('missing');
    expect(await due()).toBeNull();
  });

  test('are undone by a new container with `repair: all`', async () => {
    settings('all');
    expect(await repaired()).toMatchObject({ kind: 'repair', only: ['a'], status: 'succeeded' });
    expect(await stage.running()).toEqual({ a: ['(1 no)', '1 always'], b: ['1 always'] });
    expect(await due()).toBeNull();
  });

  test('stay outside of the window', async () => {
    settings('all');
    const from = Math.floor(((Date.now() + 7_200_000) % 86_400_000) / 60_000);
    const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
    const window = { days, from, to: (from + 60) % 1440, zone: 'UTC' };
    stage.environment = { ...stage.environment, window: [window] };
    expect(await due()).toBeNull();
    await stopByHand(a);
    expect(await due()).toMatchObject({ kind: 'repair', only: ['a'] });
  });
});

test('an observation leads to a repair by itself', async () => {
  settings('missing');
  await stopByHand(a);
  await live(stage.temp.store, 'w');
  const stopping = new AbortController();
  const membership = { id: () => 'w' };
  const given = {
    ...stage.deps,
    restless,
    events,
    membership,
    observations,
    random: Math.random,
    services: () => new Map(),
  };
  const deploying = runDeploying(given as unknown as DeployingDeps, stopping.signal);
  const done = new Promise<void>((resolve) => {
    events.subscribe((event) => {
      if (event.type === 'deployment' && event.status === 'succeeded') resolve();
    });
  });
  await observe();
  await done;
  stopping.abort();
  await deploying;
  expect(await stage.running()).toEqual({ a: ['1 always'], b: ['1 always'] });
});

test('a service that has just got another name is not repaired', async () => {
  settings('missing');
  await observe();
  const named = { name: 'shop', deploy: { ...deploySettings(), formerly: 'app' } } as Service;
  await takeOverNames(new Map([['shop', named]]), { ...stage.deps, store: stage.temp.store });
  await repairs.look([]);
  expect(await deployments().unfinished()).toEqual([]);
  // It is watched under its new name.
  for (const { id } of a.all.values()) await a.controls.stop(id, 0);
  expect(await due()).toMatchObject({ kind: 'repair', service: 'shop', only: ['a'] });
});
