import { storeForEachTest, type OpenStore } from './store-harness.js';
import {
  begin as beginNext,
  claim as claimNext,
  head,
  image,
  inputs,
  look,
  newBuild,
  queue,
  success,
} from './store-samples.js';

const none = { id: 'none', claim: 0 };

export function queueContract(open: OpenStore): void {
  let now = 2000;
  const under = storeForEachTest(open, { logLimit: 1000, now: () => now });
  beforeEach(() => (now = 2000));
  const claim = (worker = 'w') => claimNext(under.store, worker);
  const begin = (build = newBuild(), worker = 'w') => beginNext(under.store, build, worker);

  test('a claimed build runs from now on', async () => {
    const build = newBuild();
    await queue(under.store, build);
    expect(await claim()).toMatchObject({ id: build.id, status: 'running', startedAt: 2000, attempt: 0, claim: 1 });
    expect(await under.store.builds.get(build.id)).toMatchObject({ status: 'running', startedAt: 2000 });
    expect(await claim()).toBeNull();
  });

  test('builds are claimed in the order in which they were queued, one of a service at a time', async () => {
    const builds = [
      newBuild({ commit: head('a'), forced: true }),
      newBuild({ commit: head('b'), forced: true }),
      newBuild({ service: 'other' }),
    ];
    for (const build of builds) await queue(under.store, build);
    const first = await claim();
    expect(first?.id).toBe(builds[0]?.id);
    expect((await claim())?.id).toBe(builds[2]?.id);
    expect(await claim()).toBeNull();
    await under.store.queue.finish(first ?? none, { status: 'canceled' }, 2001, []);
    expect((await claim())?.id).toBe(builds[1]?.id);
  });

  test('the upcoming builds are those that are claimed next, in that order, and stay queued', async () => {
    const upcoming = async (most: number) => (await under.store.builds.upcoming(2000, most)).map(({ id }) => id);
    expect(await upcoming(5)).toEqual([]);
    const builds = [
      newBuild({ commit: head('a'), forced: true }),
      newBuild({ service: 'other' }),
      newBuild({ service: 'third' }),
    ];
    for (const build of builds) await queue(under.store, build);
    const ids = builds.map(({ id }) => id);
    expect(await upcoming(2)).toEqual(ids.slice(0, 2));
    for (const [at, id] of ids.entries()) {
      expect(await upcoming(5)).toEqual(ids.slice(at));
      expect((await claim())?.id).toBe(id);
    }
    expect(await upcoming(5)).toEqual([]);
  });

  test('a build that waits for its next attempt holds nobody up', async () => {
    const build = await begin();
    await under.store.queue.putBack(build, 9000, true);
    const other = newBuild({ branch: 'release/1' });
    now = 8999;
    const running = await begin(other);
    await under.store.queue.finish(running, success(), 8999, []);
    expect(await claim()).toBeNull();
    now = 9000;
    expect(await claim()).toMatchObject({ id: build.id, attempt: 1, claim: 2, startedAt: 9000 });
  });

  test('what a build learns is kept', async () => {
    const build = await begin();
    const dockerfile = { source: 'central', path: 'app/Dockerfile', commit: null } as const;
    await under.store.queue.progress(build, { dockerfile, inputs: inputs(head('a'), 'central:3'), wasHead: false });
    await under.store.queue.progress(build, { fingerprint: 'f', engineImage: 'sha256:e' });
    await under.store.queue.progress(build, {});
    expect(await under.store.builds.get(build.id)).toMatchObject({
      dockerfile,
      inputs: inputs(head('a'), 'central:3'),
      wasHead: false,
      fingerprint: 'f',
      engineImage: 'sha256:e',
    });
    await under.store.queue.progress(build, { engineImage: null });
    expect((await under.store.builds.get(build.id))?.engineImage).toBeNull();
  });

  test('packaging that a running build really read is what later builds are compared with', async () => {
    const build = await begin();
    await under.store.queue.progress(build, { inputs: inputs(head('a'), 'central:3') });
    expect(await queue(under.store, newBuild({ inputs: inputs(head('a'), 'central:3') }))).toBe(build.id);
    const other = newBuild();
    expect(await queue(under.store, other)).toBe(other.id);
  });

  test('steps open and close, also when the same one runs twice', async () => {
    const build = await begin();
    const { store } = under;
    await store.queue.steps(build, [{ name: 'push', startedAt: 1 }]);
    await store.queue.steps(build, [
      { name: 'push', finishedAt: 2 },
      { name: 'push', startedAt: 3 },
      { name: 'tag', startedAt: 4 },
    ]);
    await store.queue.steps(build, [
      { name: 'push', finishedAt: 5 },
      { name: 'never opened', finishedAt: 6 },
    ]);
    expect((await under.store.builds.get(build.id))?.steps).toMatchObject([
      { name: 'push', startedAt: 1, finishedAt: 2 },
      { name: 'push', startedAt: 3, finishedAt: 5 },
      { name: 'tag', startedAt: 4, finishedAt: null },
    ]);
  });

  test('the end closes open steps, stores its looks, and is final', async () => {
    const { store } = under;
    const build = await begin();
    await store.queue.steps(build, [{ name: 'push', startedAt: 1 }]);
    expect(await store.queue.finish(build, success(image('sha256:9')), 2500, [look(), look()])).toBe(true);
    expect(await store.queue.finish(build, { status: 'canceled' }, 2600, [look()])).toBe(false);
    expect(await store.queue.steps(build, [{ name: 'late', startedAt: 2700 }])).toBe(false);
    expect(await store.queue.progress(build, { fingerprint: 'late' })).toBe(false);
    expect(await store.queue.putBack(build, 1, true)).toBe(false);
    expect(await store.builds.get(build.id)).toMatchObject({
      status: 'succeeded',
      outcome: 'built',
      image: image('sha256:9'),
      finishedAt: 2500,
      fingerprint: null,
      steps: [{ name: 'push', startedAt: 1, finishedAt: 2500 }],
    });
    expect(await store.looks.due(100, 10, [])).toHaveLength(2);
  });

  test('a failure keeps its code, message, step and blame', async () => {
    const build = await begin();
    const error = { code: 'dockerfile-step-failed', message: 'exit 1', step: 'RUN make', blame: 'dockerfile' } as const;
    await under.store.queue.finish(build, { status: 'failed', error }, 2500, []);
    expect(await under.store.builds.get(build.id)).toMatchObject({
      status: 'failed',
      error,
      outcome: null,
      image: null,
    });
  });

  test('a build that is put back keeps what it found and loses what belongs to the attempt', async () => {
    const build = await begin();
    await under.store.queue.progress(build, { wasHead: true, engineImage: 'sha256:e', fingerprint: 'f' });
    await under.store.queue.steps(build, [{ name: 'fetch', startedAt: 1 }]);
    await under.store.queue.putBack(build, 3000, false);
    expect(await under.store.builds.get(build.id)).toMatchObject({
      status: 'queued',
      startedAt: null,
      wasHead: null,
      steps: [],
      attempt: 0,
      notBefore: 3000,
      engineImage: 'sha256:e',
      fingerprint: 'f',
    });
  });

  test.each([
    ['ends as superseded where a newer one of its branch waits', {}, 'superseded'],
    ['stays where it was asked for', { forced: true }, 'queued'],
    ['stays where it is built for its own push', { everyPush: true }, 'queued'],
  ])('a build that is put back %s', async (_name, over, status) => {
    const build = await begin(newBuild(over));
    const newer = newBuild({ commit: head('b') });
    await queue(under.store, newer);
    await under.store.queue.putBack(build, 3000, false);
    expect((await under.store.builds.get(build.id))?.status).toBe(status);
    expect((await under.store.builds.get(newer.id))?.status).toBe('queued');
  });
}
