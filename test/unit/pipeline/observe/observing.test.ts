import { setImmediate } from 'node:timers/promises';
import { createEvents, type SlipwayEvent } from '../../../../src/events.js';
import type { Host } from '../../../../src/hosts/contract.js';
import type { Environment, HostSettings } from '../../../../src/model/environment.js';
import { createObservations } from '../../../../src/pipeline/observe/observations.js';
import { runObserving } from '../../../../src/pipeline/observe/observing.js';
import { desiredOf, expectedStore } from '../../../support/desired.js';
import { createFakeHost, type FakeHost } from '../../../support/fake-host.js';
import { keptLog } from '../../../support/kept-log.js';
import { manualClock } from '../../../support/manual-clock.js';
import { environmentOf, hostSettings, identityOf, runOn, runOwn, testLabels } from '../../../support/own-containers.js';

const began = 1_700_000_000_000;
const second = 1_000;

/** Lets everything run that waits for no time. */
async function settle(): Promise<void> {
  for (let round = 0; round < 60; round += 1) await setImmediate();
}

type Clock = ReturnType<typeof manualClock>;

interface Stage {
  readonly events: ReturnType<typeof createEvents>;
  readonly clock: Clock;
  readonly observations: ReturnType<typeof createObservations>;
  readonly log: ReturnType<typeof keptLog>;
  readonly published: SlipwayEvent[];
  readonly hosts: Map<string, Host>;
  /** Puts other environments in force. */
  configure(...environments: Environment[]): Promise<void>;
  pass(ms: number): Promise<void>;
  of(host: string): ReturnType<ReturnType<typeof createObservations>['of']>;
  end(): Promise<void>;
}

let stage: Stage;
let [a, b]: FakeHost[] = [];
let clock: Clock;

beforeEach(() => {
  clock = manualClock(began);
  a = createFakeHost({ name: 'a', now: clock.now });
  b = createFakeHost({ name: 'b', now: clock.now });
});
afterEach(() => stage.end());

async function observe(names: readonly string[], store = expectedStore()): Promise<void> {
  const [events, log, stopping] = [createEvents(), keptLog(), new AbortController()];
  const observations = createObservations(clock, events);
  const published: SlipwayEvent[] = [];
  const hosts = new Map<string, Host>(Object.entries({ a, b } as Record<string, Host>));
  let environments = new Map<string, Environment>();
  events.subscribe((event) => event.type === 'observation' && published.push(event));
  const put = (...now: Environment[]) => (environments = new Map(now.map((its) => [its.name, its])));
  if (names.length > 0) put(environmentOf(names.map((name) => hostSettings(name))));
  const running = runObserving(
    {
      hosts: {
        find: async (_environment, name) => hosts.get(name) ?? null,
        closeGone: async () => undefined,
        close: async () => undefined,
      },
      ...{ labels: testLabels, observations, clock, log, events, store, environments: () => environments },
    },
    stopping.signal,
  );
  stage = {
    ...{ clock, observations, log, published, hosts, events },
    async configure(...now) {
      put(...now);
      events.publish({ type: 'configuration' });
      await settle();
    },
    async pass(ms) {
      clock.advance(ms);
      await settle();
    },
    of: (host) => observations.of('production', host),
    async end() {
      stopping.abort();
      await running;
      expect(clock.sleeping).toEqual([]);
    },
  };
  await settle();
}

const looks = (host: FakeHost | undefined): number =>
  host?.transcript.filter((line) => line.startsWith('list')).length ?? 0;
const names = (host: string) => stage.of(host)?.seen?.own.map(({ name, state }) => `${name} ${state.status}`);
const must = (host: FakeHost | undefined): FakeHost => host ?? createFakeHost();

test('what runs is seen, with its release, and nothing is changed', async () => {
  const id = await runOwn(must(a), {}, 8080);
  const before = must(a).transcript.length;
  await observe(['a']);
  expect(stage.of('a')).toMatchObject({ reachable: true, since: began, why: null, seen: { at: began, foreign: [] } });
  expect(stage.of('a')?.seen?.own).toEqual([
    {
      ...{ ...identityOf(), known: false, compared: null, origin: null },
      id,
      name: 'java-service-1.production.d1',
      image: expect.stringContaining('registry.test/web'),
      digests: [expect.stringContaining('registry.test/web@sha256:')],
      state: { status: 'running', health: null, startedAt: began, restarts: 0, lastExit: null },
      ports: [{ hostIp: '0.0.0.0', hostPort: 8080, containerPort: 80, protocol: 'tcp' }],
      createdAt: began,
    },
  ]);
  await stage.pass(100 * second);
  const asked = new Set(
    must(a)
      .transcript.slice(before)
      .map((line) => line.split(' ')[0]),
  );
  expect([...asked].sort()).toEqual(['follow', 'inspect', 'list', 'ping']);
});

test('an event makes it look, and many are one', async () => {
  await observe(['a']);
  expect([looks(a), names('a')]).toEqual([1, []]);
  await stage.pass(second);
  await runOwn(must(a));
  must(a).crash('java-service-1.production.d1', 3);
  await settle();
  expect(looks(a)).toBe(1);
  await stage.pass(second);
  expect([looks(a), names('a')]).toEqual([2, ['java-service-1.production.d1 exited']]);
  await stage.pass(20 * second);
  expect(looks(a)).toBe(2);
  expect(stage.published).toHaveLength(2);
});

test('a replaced container is seen beside the one that replaced it', async () => {
  const id = await runOwn(must(a));
  await observe(['a']);
  await stage.pass(second);
  await must(a).controls.stop(id, 0);
  await runOwn(must(a), { release: 2, deployment: 'd2' });
  await stage.pass(second);
  await stage.pass(second);
  expect(names('a')).toEqual(['java-service-1.production.d1 exited', 'java-service-1.production.d2 running']);
});

test('without events the sweep finds it', async () => {
  must(a).fail('follow', 'engine-error', 100);
  await observe(['a']);
  // It may have been a host that goes away.
  await stage.pass(second);
  expect([looks(a), names('a')]).toEqual([2, []]);
  await runOwn(must(a));
  await stage.pass(29 * second);
  expect([looks(a), names('a')]).toEqual([2, []]);
  await stage.pass(second);
  expect([looks(a), names('a')]).toEqual([3, ['java-service-1.production.d1 running']]);
});

test('events of a host whose clock is ahead make it look once', async () => {
  const ahead = createFakeHost({ name: 'a', now: () => clock.now() + 3600 * second });
  await runOwn(ahead);
  a = ahead;
  await observe(['a']);
  for (let passed = 0; passed < 20; passed += 1) await stage.pass(second);
  expect(looks(a)).toBeLessThanOrEqual(2);
});

test('a host that is away keeps what was seen, is asked after growing pauses, and is found again', async () => {
  await runOwn(must(a));
  await observe(['a', 'b']);
  await stage.pass(5 * second);
  must(a).setAway(true);
  await settle();
  await stage.pass(second);
  expect(stage.of('a')).toMatchObject({
    reachable: false,
    since: began + 6 * second,
    why: 'Host a: as the test says',
    seen: { at: began + 5 * second, own: [{ name: 'java-service-1.production.d1' }] },
  });
  expect(stage.of('b')).toMatchObject({ reachable: true });
  const pings = () => must(a).transcript.filter((line) => line === 'ping').length;
  const asked: number[] = [];
  for (let before = pings(), at = 1; at <= 90; at += 1) {
    await stage.pass(second);
    if (pings() > before) asked.push(at);
    before = pings();
  }
  expect(asked).toEqual([1, 3, 7, 15, 31, 61]);
  must(a).setAway(false);
  await stage.pass(second);
  expect(stage.of('a')).toMatchObject({ reachable: true, why: null, since: began + 97 * second });
  expect(stage.published.filter((event) => 'host' in event && event.host === 'a')).toMatchObject([
    { reachable: true },
    { reachable: false },
    { reachable: true },
  ]);
  const said = stage.log.lines.map(({ message }) => message);
  expect(said).toEqual(['a host cannot be reached', 'a host is back']);
});

test('a host that never answers is away after a minute, and holds up no other one', async () => {
  await observe([]);
  stage.hosts.set('a', { ...must(a), ping: () => new Promise<void>(() => undefined) });
  await stage.configure(environmentOf([hostSettings('a'), hostSettings('b')]));
  expect(stage.of('b')).toMatchObject({ reachable: true });
  expect(stage.of('a')).toMatchObject({ reachable: null, seen: null });
  await stage.pass(60 * second);
  expect(stage.of('a')).toMatchObject({ reachable: false, why: 'The host did not answer in 60 seconds.' });
});

test('foreign containers count if they hold ports, and a forged seal makes none ours', async () => {
  await runOn(must(a), { name: 'database' }, 5432);
  await runOn(must(a), { name: 'quiet' });
  await runOn(must(a), { name: 'copy', labels: testLabels.of(identityOf()) });
  const forged = { ...testLabels.of(identityOf()), 'dev.slipway.release': '9' };
  await runOn(must(a), { name: 'java-service-1.production.d1', labels: forged });
  await runOwn(must(a), { environment: 'staging' }, 8080);
  await observe(['a']);
  expect(stage.of('a')?.seen?.own).toEqual([]);
  expect(stage.of('a')?.seen?.foreign.map(({ name, claimsOurs }) => [name, claimsOurs])).toEqual([
    ['copy', true],
    ['database', false],
    ['java-service-1.production.d1', true],
    ['java-service-1.staging.d1', false],
  ]);
});

test('nothing is published while nothing changes', async () => {
  await runOwn(must(a));
  await observe(['a']);
  for (let at = 0; at < 5; at += 1) await stage.pass(30 * second);
  expect([looks(a), stage.published.length]).toEqual([6, 1]);
  expect(stage.of('a')?.seen?.at).toBe(began + 150 * second);
});

test('hosts come and go with the configuration; without any, nobody is asked', async () => {
  await observe([]);
  await stage.pass(3600 * second);
  expect([...must(a).transcript, ...must(b).transcript, ...stage.observations.all()]).toEqual([]);
  await stage.configure(environmentOf([hostSettings('a')]));
  expect(stage.of('a')).toMatchObject({ reachable: true });
  await stage.configure(environmentOf([hostSettings('b')]));
  expect([stage.of('a'), stage.of('b')?.reachable]).toEqual([null, true]);
  const before = looks(a);
  await stage.pass(60 * second);
  expect(looks(a)).toBe(before);
});

test('nothing is kept of another engine of the same name', async () => {
  await runOwn(must(a));
  await observe(['a']);
  expect(names('a')).toHaveLength(1);
  stage.hosts.set('a', must(b));
  const other: HostSettings = hostSettings('a', { engine: 'unix:///run/b.sock' });
  await stage.configure(environmentOf([other]));
  expect(names('a')).toEqual([]);
  // A certificate that changed shows only when the host is asked for.
  stage.hosts.set('a', must(a));
  await stage.pass(30 * second);
  expect(names('a')).toHaveLength(1);
});

describe('what is desired', () => {
  test('may not be known while the database is away: the host is looked at all the same', async () => {
    await runOwn(a as FakeHost);
    const fails = async () => Promise.reject(new Error('the disk is full'));
    await observe(['a'], {
      deployments: { allDesired: fails, get: fails, specification: fails, unfinished: fails },
      releases: { numberSeen: fails },
    });
    expect(stage.of('a')).toMatchObject({ reachable: true, seen: { own: [{ known: true, compared: null }] } });
  });

  test('is looked at again when a deployment of the environment has ended, or the configuration changed', async () => {
    const compared = () => stage.of('a')?.seen?.own[0]?.compared?.deploymentId;
    await runOwn(a as FakeHost);
    const all = [desiredOf()];
    await observe(['a'], {
      ...expectedStore(),
      deployments: { ...expectedStore().deployments, allDesired: async () => all },
    });
    await stage.pass(2 * second);
    all[0] = desiredOf({ deploymentId: 'd2' });
    const end = { type: 'deployment', id: 'd2', service: 'java-service-1' } as const;
    stage.events.publish({ ...end, environment: 'staging', status: 'succeeded' });
    stage.events.publish({ ...end, environment: 'production', status: 'running' });
    await stage.pass(2 * second);
    expect(compared()).toBe('d1');
    stage.events.publish({ ...end, environment: 'production', status: 'succeeded' });
    await settle();
    await stage.pass(second);
    expect(compared()).toBe('d2');
    all[0] = desiredOf({ deploymentId: 'd3' });
    await stage.configure(environmentOf([hostSettings('a')]));
    await stage.pass(2 * second);
    expect(compared()).toBe('d3');
  });
});
