/** Whatever changes an overview changes its revision, and nothing is read twice for many callers. */
import { createEvents } from '../../../../src/events.js';
import { createOverview, type OverviewDeps } from '../../../../src/operations/overview/overview.js';
import type { Service } from '../../../../src/model/service.js';
import { regionRules } from '../../../../src/decide/region-rules.js';
import { createWaiting } from '../../../../src/operations/waiting.js';
import { begin, claim, head, newBuild, plan, queue, success, toSkip } from '../../../contracts/store-samples.js';
import { service } from '../../../support/app.js';
import { manualClock } from '../../../support/manual-clock.js';
import { openTempStore, type TempStore } from '../../../support/store.js';

let temp: TempStore;
let services: ReadonlyMap<string, Service>;
let [now, disk] = [5000, null as string | null];
let events = createEvents();
beforeEach(async () => {
  temp = await openTempStore();
  services = new Map([['app', service({ name: 'app' })]]);
  [now, disk, events] = [5000, null, createEvents()];
});
afterEach(() => temp.close());

function open(over: Partial<OverviewDeps> = {}) {
  const [clock, lowDisk] = [{ ...manualClock(), now: () => now }, async () => disk];
  const waiting = createWaiting({
    ...{ store: temp.store, clock, concurrency: () => 1, lowDisk, environments: () => new Map() },
  });
  return createOverview({
    ...{ store: temp.store, services: () => services, waiting, lowDisk, events, clock, shown: () => null },
    ...over,
  });
}

type Change = (build: Awaited<ReturnType<typeof begin>> | null) => Promise<unknown>;
const drift = () => ({
  ...{ service: 'app', branch: 'main', commit: head('a'), rules: regionRules(service({ name: 'app' })) },
});

describe('a change is seen', () => {
  test.each<[string, { running: boolean }, Change, object]>([
    ['a build is queued', { running: false }, () => queue(temp.store, newBuild()), { state: 'queued' }],
    [
      'a build begins',
      { running: false },
      async () => begin(temp.store),
      { state: 'running', startedAt: expect.any(Number) },
    ],
    [
      'a step begins',
      { running: true },
      async (build) => build && temp.store.queue.steps(build, [{ name: 'push', startedAt: 1 }]),
      { step: 'push' },
    ],
    [
      'a build ends',
      { running: true },
      async (build) => build && temp.store.queue.finish(build, success(), 6000, []),
      { state: 'built' },
    ],
    [
      'a running build is canceled',
      { running: true },
      async (build) => build && temp.store.queue.finish(build, { status: 'canceled' }, 6000, []),
      { state: 'canceled' },
    ],
    [
      'a decision that there is nothing to build',
      { running: false },
      () => temp.store.decisions.record(plan([toSkip()]), 6000),
      { state: 'skipped', outcomes: '-' },
    ],
    [
      'region drift',
      { running: false },
      () => temp.store.regionDrifts.note({ ...drift(), drift: [{ message: 'x', dockerfile: null }] }),
      { drift: true },
    ],
    [
      'another configuration',
      { running: false },
      async () => {
        services = new Map([['app', service({ name: 'app', repository: 'abc/other' })]]);
        events.publish({ type: 'configuration' });
      },
      { repository: 'abc/other' },
    ],
  ])('%s', async (_, { running }, change, seen) => {
    const build = running ? await begin(temp.store) : null;
    const overview = open();
    const before = await overview.answer();
    expect(await overview.revision()).toBe(before.revision);
    await change(build);
    expect(await overview.revision()).not.toBe(before.revision);
    const after = await overview.answer();
    expect(before.services).not.toMatchObject([seen]);
    expect(after.services).toMatchObject([seen]);
    expect(after.revision).toBe(await overview.revision());
  });

  test('region drift that is gone, and that of other settings', async () => {
    const overview = open();
    const shown = async () => (await overview.answer()).services[0]?.drift;
    const found = [{ message: 'x', dockerfile: null }];
    await temp.store.regionDrifts.note({ ...drift(), drift: found });
    expect(await shown()).toBe(true);
    await temp.store.regionDrifts.note({ ...drift(), drift: [] });
    expect(await shown()).toBe(false);
    await temp.store.regionDrifts.note({ ...drift(), rules: 'others', drift: found });
    expect(await shown()).toBe(false);
  });

  test('a queued build begins', async () => {
    await queue(temp.store, newBuild());
    const overview = open();
    const before = await overview.answer();
    await claim(temp.store);
    expect(await overview.revision()).not.toBe(before.revision);
    expect([before, await overview.answer()].map(({ services, load }) => [services[0]?.state, load])).toEqual([
      ['queued', { running: 0, queued: 1 }],
      ['running', { running: 1, queued: 0 }],
    ]);
  });

  test('a queued build is canceled', async () => {
    const build = newBuild();
    await queue(temp.store, build);
    const overview = open();
    const before = await overview.answer();
    await temp.store.housekeeping.cancel(build.id, 6000);
    expect(await overview.revision()).not.toBe(before.revision);
    expect((await overview.answer()).services).toMatchObject([{ state: 'canceled', outcomes: 'c' }]);
  });

  test('the pause of a queued build ends', async () => {
    const build = newBuild({ notBefore: 9000 });
    await queue(temp.store, build);
    const overview = open();
    const before = await overview.answer();
    now = 8999;
    expect(await overview.revision()).toBe(before.revision);
    now = 9000;
    const after = await overview.revision();
    expect(after).not.toBe(before.revision);
    expect((await overview.answer()).services[0]?.sentence).not.toBe(before.services[0]?.sentence);
    expect(await overview.revision()).toBe(after);
  });

  test('disk space runs out and comes back', async () => {
    await queue(temp.store, newBuild());
    const overview = open();
    const before = await overview.answer();
    disk = 'The disk is full.';
    const low = await overview.answer();
    expect(low.services[0]?.sentence).not.toBe(before.services[0]?.sentence);
    disk = null;
    expect((await overview.answer()).revision).not.toBe(low.revision);
  });
});

/** An overview that counts how often it was made. */
function counted(load = () => temp.store.housekeeping.load()) {
  let made = 0;
  const housekeeping = { ...temp.store.housekeeping, load: () => ((made += 1), load()) };
  const { overview, regionDrifts } = temp.store;
  return { made: () => made, overview: open({ store: { overview, regionDrifts, housekeeping } }) };
}

test('many callers share one answer, and it is kept until something changes', async () => {
  const { made, overview } = counted();
  const all = await Promise.all(Array.from({ length: 20 }, () => overview.answer()));
  expect([made(), new Set(all).size]).toEqual([1, 1]);
  expect([await overview.answer(), made()]).toEqual([all[0], 1]);
  await queue(temp.store, newBuild());
  const next = await Promise.all(Array.from({ length: 20 }, () => overview.answer()));
  expect([made(), new Set(next).size]).toEqual([2, 1]);
});

test('what could not be read is read again for the next caller', async () => {
  let isAway = true;
  const { made, overview } = counted(async () => {
    if (isAway) throw new Error('The store is away.');
    return temp.store.housekeeping.load();
  });
  const asked = await Promise.allSettled([overview.answer(), overview.answer()]);
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  isAway = false;
  expect((await overview.answer()).services).toHaveLength(1);
  expect(made()).toBe(2);
});
