import type { NewBuild } from '../../src/model/build.js';
import { storeForEachTest, type OpenStore } from './store-harness.js';
import {
  because,
  claim as claimNext,
  delivery,
  head,
  inputs,
  look,
  newBuild,
  plan,
  push,
  queue,
  toBuild,
  toSkip,
} from './store-samples.js';

export function recordContract(open: OpenStore): void {
  let now = 5000;
  beforeEach(() => (now = 5000));
  const under = storeForEachTest(open, { logLimit: 1000, now: () => now });
  const statusOf = async (build: NewBuild) => (await under.store.builds.get(build.id))?.status ?? null;
  const claim = () => claimNext(under.store);

  test('a skip stores its further look where it supersedes a build, and only there', async () => {
    const { store } = under;
    const skip = () => ({ ...toSkip({ head: head('b') }), lookAgain: look({ ref: 'refs/heads/main' }) });
    await store.decisions.record(plan([skip()]), 777);
    expect(await store.looks.nextDueAt([])).toBeNull();
    const build = newBuild({ commit: head('a') });
    await queue(store, build);
    await store.decisions.record(plan([skip()]), 778);
    expect(await statusOf(build)).toBe('superseded');
    expect(await store.looks.due(1000, 9, [])).toMatchObject([{ ref: 'refs/heads/main' }]);
  });

  test('a client that asks for what is under way is called back too, if nobody is yet', async () => {
    const callback = async (build: NewBuild) => (await under.store.builds.get(build.id))?.callbackUrl;
    const first = newBuild();
    await queue(under.store, first);
    expect(await queue(under.store, newBuild())).toBe(first.id);
    expect(await callback(first)).toBeNull();
    for (const callbackUrl of ['http://ci/1', 'http://ci/2']) {
      expect(await queue(under.store, newBuild({ callbackUrl }))).toBe(first.id);
      expect(await callback(first)).toBe('http://ci/1');
    }
  });

  test('a build that a push of builds: every-push asks for too waits on, whatever is newest', async () => {
    const { store } = under;
    const looked = newBuild({ commit: head('a') });
    await queue(store, looked);
    const pushed = newBuild({ commit: head('a'), everyPush: true });
    const next = newBuild({ commit: head('b'), everyPush: true });
    expect((await store.decisions.record(plan([toBuild(pushed), toBuild(next)]), 1)).superseded).toEqual([]);
    await store.decisions.record(plan([toSkip({ head: head('c') })]), 2);
    expect(await store.builds.get(looked.id)).toMatchObject({ status: 'queued', everyPush: true });
    const forced = newBuild({ commit: head('d'), forced: true });
    await queue(store, forced);
    await queue(store, newBuild({ commit: head('d'), everyPush: true }));
    expect(await store.builds.get(forced.id)).toMatchObject({ forced: true, everyPush: false });
  });

  test('a plan becomes decisions, queued builds, a settled delivery and no look', async () => {
    const { store } = under;
    await store.deliveries.accept(delivery('d1'), look({ trigger: { ...push, deliveryId: 'd1' } }));
    const [due] = await store.looks.due(100, 1, []);
    const build = newBuild({ trigger: { ...push, deliveryId: 'd1' } });
    const skip = toSkip({ service: 'other' }, 'build-x');
    const { recorded, queued, superseded } = await store.decisions.record(
      { look: due ?? null, deliveryId: 'd1', decisions: [toBuild(build), skip] },
      777,
    );
    expect([queued, superseded]).toEqual([[build.id], []]);
    expect(recorded).toEqual([
      {
        ...toBuild(build).decision,
        id: expect.any(Number),
        trigger: build.trigger,
        buildId: build.id,
        inputsKey: `key of ${head('a')}`,
        reliesOn: null,
        at: 777,
      },
      {
        ...skip.decision,
        id: expect.any(Number),
        trigger: push,
        buildId: null,
        inputsKey: 'key of a skip',
        reliesOn: 'build-x',
        at: 777,
      },
    ]);
    expect(await store.deliveries.get('d1')).toMatchObject({ status: 'planned' });
    expect(await store.looks.nextDueAt([])).toBeNull();
    expect(await store.builds.get(build.id)).toEqual({
      ...build,
      claim: 0,
      status: 'queued',
      outcome: null,
      dockerfile: null,
      image: null,
      error: null,
      startedAt: null,
      finishedAt: null,
      steps: [],
      attempt: 0,
      notBefore: 0,
      wasHead: null,
      engineImage: null,
      deaths: 0,
      fingerprint: null,
      reusedFrom: null,
      official: null,
      warnings: [],
      waitedOut: null,
    });
  });

  test('only a build that did not wait before is reported as queued', async () => {
    const { store } = under;
    const first = newBuild();
    await queue(store, first);
    const again = await store.decisions.record(plan([toBuild(newBuild())], null), 2);
    expect(again).toMatchObject({ recorded: [{ buildId: first.id }], queued: [], superseded: [] });
    const next = newBuild({ commit: head('b') });
    const moved = await store.decisions.record(plan([toBuild(next)], null), 3);
    expect(moved).toMatchObject({ queued: [next.id], superseded: [first.id] });
  });

  test('decisions of one plan see what those before them queued', async () => {
    const { store } = under;
    const [first, same, other] = [newBuild(), newBuild(), newBuild({ commit: head('b') })];
    const { recorded, queued, superseded } = await store.decisions.record(
      plan([toBuild(first), toBuild(same), toBuild(other)], null),
      5,
    );
    expect(recorded.map(({ buildId }) => buildId)).toEqual([first.id, first.id, other.id]);
    expect([queued, superseded]).toEqual([[first.id, other.id], [first.id]]);
    expect(await statusOf(first)).toBe('superseded');
  });

  test('a thousand decisions are recorded in the order given', async () => {
    const { store } = under;
    const names = Array.from({ length: 1_001 }, (_, at) => `service-${(at * 7) % 1_001}`);
    const skips = names.map((service) => toSkip({ service }, 'build-x'));
    const { recorded } = await store.decisions.record(plan(skips, null), 6);
    expect(recorded.map(({ service }) => service)).toEqual(names);
    const stored = await store.decisions.last(1_001);
    expect([...stored].reverse()).toEqual(recorded);
  });

  test('a build that is to wait is not given before its time', async () => {
    const { store } = under;
    const build = newBuild({ notBefore: 5_000 });
    await queue(store, build);
    now = 4_999;
    expect(await claim()).toBeNull();
    now = 5_000;
    expect(await claim()).toMatchObject({ id: build.id });
  });

  test('a plan that fails half way leaves nothing behind', async () => {
    const { store } = under;
    const added = await store.looks.add(look());
    const twin = newBuild({ forced: true });
    const failing = plan([toBuild(newBuild({ service: 'first' })), toBuild(twin), toBuild(twin)], added);
    await expect(store.decisions.record(failing, 1)).rejects.toMatchObject({ name: 'SlipwayError' });
    expect(await store.decisions.newest('first', 'main')).toBeNull();
    expect(await store.housekeeping.load()).toMatchObject({ queued: 0, running: 0 });
    expect(await store.looks.nextDueAt([])).toBe(100);
  });

  test.each([
    ['an unforced build', {}],
    ['a forced build', { forced: true }],
    ['a build of its own push', { everyPush: true }],
  ])('the same commit and packaging joins %s that is queued, or running', async (_name, over) => {
    const first = newBuild(over);
    await queue(under.store, first);
    expect(await queue(under.store, newBuild())).toBe(first.id);
    await claim();
    expect(await queue(under.store, newBuild())).toBe(first.id);
    expect(await under.store.housekeeping.load()).toMatchObject({ queued: 0, running: 1 });
  });

  test.each([
    ['commit', { commit: head('b') }],
    ['packaging', { inputs: inputs(head('a'), 'central:2') }],
  ])('a build of another %s takes the place of the queued one', async (_name, over) => {
    const first = newBuild();
    const second = newBuild(over);
    await queue(under.store, first, 10);
    const { superseded } = await under.store.decisions.record(plan([toBuild(second)]), 20);
    expect(superseded).toEqual([first.id]);
    expect(await under.store.builds.get(first.id)).toMatchObject({ status: 'superseded', finishedAt: 20 });
    expect(await statusOf(second)).toBe('queued');
  });

  test.each([
    ['service', { service: 'other' }],
    ['branch', { branch: 'release/1' }],
  ])('a build of another %s leaves the queued one alone', async (_name, over) => {
    const first = newBuild();
    await queue(under.store, first);
    const other = newBuild({ ...over, commit: head('b') });
    expect(await queue(under.store, other)).toBe(other.id);
    expect(await statusOf(first)).toBe('queued');
  });

  test('a running build is never superseded by a decision', async () => {
    const first = newBuild();
    await queue(under.store, first);
    await claim();
    const { superseded } = await under.store.decisions.record(plan([toBuild(newBuild({ commit: head('b') }))]), 20);
    expect(superseded).toEqual([]);
    expect(await statusOf(first)).toBe('running');
  });

  test('a head that goes back to the running commit ends the build that waits for the other one', async () => {
    const first = newBuild();
    const second = newBuild({ commit: head('b') });
    await queue(under.store, first);
    await claim();
    await queue(under.store, second);
    expect(await queue(under.store, newBuild())).toBe(first.id);
    expect(await statusOf(second)).toBe('superseded');
  });

  test('every forced build is queued and none is superseded', async () => {
    const builds = [
      newBuild({ forced: true }),
      newBuild({ forced: true }),
      newBuild({ forced: true, commit: head('b') }),
    ];
    for (const build of builds) expect(await queue(under.store, build)).toBe(build.id);
    await queue(under.store, newBuild({ commit: head('c') }));
    await under.store.decisions.record(plan([toSkip({ head: head('d') })]), 5);
    for (const build of builds) expect(await statusOf(build)).toBe('queued');
  });

  test('a forced build of an old commit leaves the newest one in the queue', async () => {
    const newest = newBuild({ commit: head('b') });
    await queue(under.store, newest);
    await queue(under.store, newBuild({ forced: true, commit: head('a') }));
    expect(await statusOf(newest)).toBe('queued');
  });

  test('builds of their own push queue up side by side', async () => {
    const builds = ['a', 'b', 'c'].map((character) => newBuild({ everyPush: true, commit: head(character) }));
    for (const build of builds) expect(await queue(under.store, build)).toBe(build.id);
    for (const build of builds) expect(await statusOf(build)).toBe('queued');
  });

  test.each([
    ['another head', 'superseded', head('b')],
    ['the same head', 'queued', head('a')],
    ['an unknown head', 'queued', null],
  ] as const)('after a skip of %s the queued build is %s', async (_name, status, skipped) => {
    const build = newBuild();
    await queue(under.store, build);
    await under.store.decisions.record(plan([toSkip({ head: skipped })]), 5);
    expect(await statusOf(build)).toBe(status);
  });

  test('later decisions of a plan see what earlier ones queued', async () => {
    const first = newBuild();
    const second = newBuild({ commit: head('b') });
    const twin = newBuild({ commit: head('b') });
    const { recorded, superseded } = await under.store.decisions.record(
      plan([toBuild(first), toBuild(second), toBuild(twin)]),
      5,
    );
    expect(recorded.map(({ buildId }) => buildId)).toEqual([first.id, second.id, second.id]);
    expect(superseded).toEqual([first.id]);
  });

  test('a build keeps its reason, paths and patterns', async () => {
    const build = newBuild({ reason: { ...because, paths: ['a\nb', 'c"d'], patterns: [] } });
    await queue(under.store, build);
    expect((await under.store.builds.get(build.id))?.reason).toEqual(build.reason);
  });
}
