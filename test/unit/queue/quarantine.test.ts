/** What is in hand beside what, where processes have died before. */
import { createEvents } from '../../../src/events.js';
import type { Build } from '../../../src/model/build.js';
import type { Look } from '../../../src/model/look.js';
import { runLookAhead } from '../../../src/pipeline/build/look-ahead.js';
import { runPlanner } from '../../../src/pipeline/look/planner.js';
import { createQuarantine, type Quarantine } from '../../../src/queue/quarantine.js';
import { runWorker } from '../../../src/pipeline/build/worker.js';
import { claim, live, look, newBuild, queue } from '../../contracts/store-samples.js';
import { Hands } from '../../support/hands.js';
import { keptLog } from '../../support/kept-log.js';
import { leapClock } from '../../support/leap-clock.js';
import { until } from '../../support/api-client.js';
import { openTempStore, type TempStore } from '../../support/store.js';

let temp: TempStore;
const nothing = { owned: [], cancels: [], deployments: { owned: [], cancels: [] } };
const ending: (() => Promise<void>)[] = [];

beforeEach(async () => {
  temp = await openTempStore();
  await live(temp.store, 'w');
});

afterEach(async () => {
  for (const end of ending.splice(0)) await end();
  await temp.close();
});

const nameOf = ({ repository, after }: Pick<Look, 'repository' | 'after'>): string =>
  `${repository.slice('abc/'.length)}${after?.slice(0, 1)}`;

/** Everything that had work in hand is dead, and the next process starts. */
async function restart(worker: string): Promise<void> {
  temp.endLeases();
  await live(temp.store, worker);
  await temp.store.housekeeping.recover(worker);
  await live(temp.store, 'w');
}

async function takeLooks(ids: readonly number[]): Promise<void> {
  await live(temp.store, 'gone');
  await temp.store.inHand.takeLooks(ids, 'gone');
}

async function twice(die: () => Promise<unknown>): Promise<void> {
  for (const worker of ['one', 'two']) {
    await die();
    await restart(`after ${worker}`);
  }
}

async function lookOf(repository: string, after: string): Promise<number> {
  return (await temp.store.looks.add(look({ repository: `abc/${repository}`, after, dueAt: 1 }))).id;
}

/** Looks that two processes have died with. */
async function suspects(...looks: [repository: string, after: string][]): Promise<void> {
  const ids = await Promise.all(looks.map((one) => lookOf(...one)));
  await twice(() => takeLooks(ids));
}

/** Each in a repository of its own, unless another is named. */
const queueOf = (service: string, repository = service) =>
  queue(temp.store, newBuild({ service, repository: `abc/${repository}` }));

async function suspectBuilds(...services: string[]): Promise<void> {
  for (const service of services) await queueOf(service);
  await twice(async () => {
    for (const _ of services) await claim(temp.store, 'gone');
  });
}

function begin(run: (stopping: AbortSignal) => Promise<void>, hands: Hands): void {
  const stopping = new AbortController();
  const done = run(stopping.signal);
  ending.push(async () => {
    stopping.abort();
    let isDone = false;
    void done.then(() => (isDone = true));
    await until('all to have ended', async () => {
      await Promise.all(hands.holding.map((name) => hands.letGo(name)));
      return isDone;
    });
  });
}

interface Setting {
  readonly hands?: Hands;
  readonly shared?: Quarantine;
  readonly batches?: string[][];
}

function plan({ hands = new Hands(), shared = createQuarantine(temp.store), batches = [] }: Setting = {}) {
  const clock = leapClock();
  begin(
    (signal) =>
      runPlanner(
        {
          store: temp.store,
          events: createEvents(),
          clock,
          log: keptLog(),
          worker: () => 'w',
          quarantine: shared,
          openBatch: (looks) => {
            batches.push(looks.map(nameOf));
            return async (one) => {
              await hands.hold(nameOf(one));
              await temp.store.looks.done(one.id);
            };
          },
          whenIdle: async () => undefined,
        },
        signal,
      ),
    hands,
  );
  return { hands, shared, clock, batches };
}

function work({ hands = new Hands(), shared = createQuarantine(temp.store) }: Setting = {}) {
  const { store } = temp;
  const clock = leapClock();
  begin(
    (signal) =>
      runWorker(
        {
          store,
          events: createEvents(),
          clock,
          log: keptLog(),
          membership: { id: () => 'w', beat: async () => (await store.workers.heartbeat('w')) ?? nothing },
          recover: async () => void (await store.housekeeping.recover('w')),
          quarantine: shared,
          concurrency: () => 4,
          timeout: () => 1_800_000,
          blockedBy: async () => null,
          runBuild: async (build: Build) => {
            await hands.hold(build.service);
            await store.queue.finish(build, { status: 'superseded' }, clock.now(), []);
          },
          endBuild: async (build, end) => void (await store.queue.finish(build, end, clock.now(), [])),
          putBack: async (build, notBefore, counts) => void (await store.queue.putBack(build, notBefore, counts)),
          waits: async () => undefined,
          note: async () => undefined,
        },
        signal,
        () => 60_000,
      ),
    hands,
  );
  return { hands, shared, clock };
}

test('a suspect is looked at alone, others of its repository and of other repositories go together', async () => {
  await suspects(['x', 'a'], ['x', 'b']);
  for (const after of ['c', 'd']) await lookOf('x', after);
  for (const after of ['a', 'b']) await lookOf('y', after);
  const { hands, batches } = plan();
  await hands.holds('xa', 'ya');
  expect(batches).toEqual([['xa'], ['ya', 'yb']]);
  await hands.letGo('xa');
  await hands.holds('xb', 'ya');
  await hands.letGo('xb');
  await hands.holds('xc', 'ya');
  expect(batches).toEqual([['xa'], ['ya', 'yb'], ['xb'], ['xc', 'xd']]);
});

test('one suspect is in hand at a time, and nothing new of their repositories; the rest goes on', async () => {
  await suspects(['x', 'a'], ['y', 'a']);
  await lookOf('Y', 'c');
  await lookOf('z', 'c');
  const { hands, clock } = plan();
  await hands.holds('xa', 'zc');
  clock.leap(10_000);
  await lookOf('z', 'd');
  await hands.letGo('zc');
  await hands.holds('xa', 'zd');
  await hands.letGo('xa');
  await hands.holds('ya', 'zd');
  await hands.letGo('ya');
  await hands.holds('Yc', 'zd');
});

test('a suspect waits for what a process has died with once', async () => {
  const once = await lookOf('y', 'a');
  await takeLooks([once]);
  await restart('next');
  const hands = new Hands();
  const { clock } = plan({ hands });
  await hands.holds('ya');
  await suspects(['x', 'a']);
  clock.leap(10_000);
  await lookOf('z', 'a');
  clock.leap(10_000);
  await hands.holds('ya', 'za');
  await hands.letGo('ya');
  await hands.holds('xa', 'za');
});

test('of builds, too', async () => {
  await suspectBuilds('bad', 'worse');
  await queueOf('good');
  await queueOf('kin', 'Worse');
  const { hands, clock } = work();
  await hands.holds('bad', 'good');
  await queueOf('fine');
  clock.leap(10_000);
  await hands.holds('bad', 'fine', 'good');
  await hands.letGo('bad');
  clock.leap(10_000);
  await hands.holds('fine', 'good', 'worse');
  await hands.letGo('worse');
  clock.leap(10_000);
  await hands.holds('fine', 'good', 'kin');
});

test('a suspect build and a suspect look wait for one another', async () => {
  await suspectBuilds('bad');
  await suspects(['x', 'a']);
  const shared = createQuarantine(temp.store);
  const [building, looking] = [work({ shared }), plan({ shared, hands: new Hands() })];
  await until(
    'one of them to be in hand',
    async () => building.hands.holding.length + looking.hands.holding.length > 0,
  );
  const isBuilding = building.hands.holding.length > 0;
  building.clock.leap(5_000);
  looking.clock.leap(5_000);
  const [first, second] = isBuilding ? [building, looking] : [looking, building];
  const [one, other] = isBuilding ? ['bad', 'xa'] : ['xa', 'bad'];
  expect([first.hands.holding, second.hands.holding]).toEqual([[one], []]);
  await first.hands.letGo(one);
  await until('the other to have its turn', async () => {
    second.clock.leap(2_000);
    return second.hands.holding.length > 0;
  });
  expect(second.hands.holding).toEqual([other]);
});

test('what is left of looks when the planner stops has no mark', async () => {
  const [first, second] = [await lookOf('x', 'a'), await lookOf('x', 'b')];
  const { hands } = plan();
  await hands.holds('xa');
  for (const end of ending.splice(0)) await end();
  await restart('next');
  expect(await temp.store.looks.due(Date.now(), 10, [])).toMatchObject([{ id: second, deaths: 0 }]);
  expect(second).toBeGreaterThan(first);
});

test('what is in hand when a process is gone counts, the whole of what is worked off together', async () => {
  for (const after of ['a', 'b']) await lookOf('x', after);
  const { hands } = plan();
  await hands.holds('xa');
  await restart('next');
  expect(await temp.store.looks.due(Date.now(), 10, [])).toMatchObject([{ deaths: 1 }, { deaths: 1 }]);
});

test('builds are marked while they are got ready, and left to their turn once a process has died with them', async () => {
  const { store } = temp;
  for (const service of ['running', 'next', 'later']) await queueOf(service);
  await claim(store, 'w');
  const hands = new Hands();
  const ahead = (worker: string) =>
    begin(
      (signal) =>
        runLookAhead(
          {
            store,
            events: createEvents(),
            clock: leapClock(),
            log: keptLog(),
            worker: () => worker,
            quarantine: createQuarantine(store),
            concurrency: () => 1,
            prepare: ({ service }) => hands.hold(service),
          },
          signal,
        ),
      hands,
    );
  ahead('w');
  await hands.holds('later', 'next');
  // All that the next process knows of.
  await restart('x');
  const deaths = async () => (await store.builds.page({ limit: 10, cursor: null })).items.map((it) => it.deaths);
  expect(await deaths()).toEqual([1, 1, 1]);
  expect(await store.builds.upcoming(Date.now(), 10)).toEqual([]);
  await hands.letGo('next');
  await hands.letGo('later');
  await hands.holds();
  await restart('y');
  expect(await deaths()).toEqual([1, 1, 1]);
});
