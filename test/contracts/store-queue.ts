import { storeForEachTest, type OpenStore } from './store-harness.js';
import { head, image, inputs, look, newBuild, queue, success } from './store-samples.js';

export function queueContract(open: OpenStore): void {
  const under = storeForEachTest(open);
  const claim = (now = 2000) => under.store.queue.claim('w', now, now + 1000);

  test('a claimed build runs from now on', async () => {
    const build = newBuild();
    await queue(under.store, build);
    expect(await claim()).toMatchObject({ id: build.id, status: 'running', startedAt: 2000, attempt: 0 });
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
    expect((await claim())?.id).toBe(builds[0]?.id);
    expect((await claim())?.id).toBe(builds[2]?.id);
    expect(await claim()).toBeNull();
    await under.store.queue.finish(builds[0]?.id ?? '', { status: 'canceled' }, 2001, []);
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
    const build = newBuild();
    await queue(under.store, build);
    await claim();
    await under.store.queue.putBack(build.id, 9000, true);
    const other = newBuild({ branch: 'release/1' });
    await queue(under.store, other);
    expect((await claim(8999))?.id).toBe(other.id);
    await under.store.queue.finish(other.id, success(), 8999, []);
    expect(await claim(8999)).toBeNull();
    expect(await claim(9000)).toMatchObject({ id: build.id, attempt: 1, startedAt: 9000 });
  });

  test('what a build learns is kept', async () => {
    const build = newBuild();
    await queue(under.store, build);
    await claim();
    const dockerfile = { source: 'central', path: 'app/Dockerfile', commit: null } as const;
    await under.store.queue.progress(build.id, { dockerfile, inputs: inputs(head('a'), 'central:3'), wasHead: false });
    await under.store.queue.progress(build.id, { fingerprint: 'f', engineImage: 'sha256:e' });
    await under.store.queue.progress(build.id, {});
    expect(await under.store.builds.get(build.id)).toMatchObject({
      dockerfile,
      inputs: inputs(head('a'), 'central:3'),
      wasHead: false,
      fingerprint: 'f',
      engineImage: 'sha256:e',
    });
    await under.store.queue.progress(build.id, { engineImage: null });
    expect((await under.store.builds.get(build.id))?.engineImage).toBeNull();
  });

  test('packaging that a running build really read is what later builds are compared with', async () => {
    const build = newBuild();
    await queue(under.store, build);
    await claim();
    await under.store.queue.progress(build.id, { inputs: inputs(head('a'), 'central:3') });
    expect(await queue(under.store, newBuild({ inputs: inputs(head('a'), 'central:3') }))).toBe(build.id);
    const other = newBuild();
    expect(await queue(under.store, other)).toBe(other.id);
  });

  test('steps open and close, also when the same one runs twice', async () => {
    const build = newBuild();
    await queue(under.store, build);
    await claim();
    const { store } = under;
    await store.queue.steps(build.id, [{ name: 'push', startedAt: 1 }]);
    await store.queue.steps(build.id, [
      { name: 'push', finishedAt: 2 },
      { name: 'push', startedAt: 3 },
      { name: 'tag', startedAt: 4 },
    ]);
    await store.queue.steps(build.id, [
      { name: 'push', finishedAt: 5 },
      { name: 'never opened', finishedAt: 6 },
    ]);
    expect((await under.store.builds.get(build.id))?.steps).toEqual([
      { name: 'push', startedAt: 1, finishedAt: 2 },
      { name: 'push', startedAt: 3, finishedAt: 5 },
      { name: 'tag', startedAt: 4, finishedAt: null },
    ]);
  });

  test('the end closes open steps, stores its looks, and is final', async () => {
    const { store } = under;
    const build = newBuild();
    await queue(store, build);
    await claim();
    await store.queue.steps(build.id, [{ name: 'push', startedAt: 1 }]);
    expect(await store.queue.finish(build.id, success(image('sha256:9')), 2500, [look(), look()])).toBe(true);
    expect(await store.queue.finish(build.id, { status: 'canceled' }, 2600, [look()])).toBe(false);
    await store.queue.steps(build.id, [{ name: 'late', startedAt: 2700 }]);
    await store.queue.progress(build.id, { fingerprint: 'late' });
    await store.queue.putBack(build.id, 1, true);
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
    const build = newBuild();
    const error = { code: 'dockerfile-step-failed', message: 'exit 1', step: 'RUN make', blame: 'dockerfile' } as const;
    await queue(under.store, build);
    await claim();
    await under.store.queue.finish(build.id, { status: 'failed', error }, 2500, []);
    expect(await under.store.builds.get(build.id)).toMatchObject({
      status: 'failed',
      error,
      outcome: null,
      image: null,
    });
  });

  test('a queued build can be ended without running', async () => {
    const build = newBuild();
    await queue(under.store, build);
    expect(await under.store.queue.finish(build.id, { status: 'superseded' }, 50, [])).toBe(true);
    expect(await claim()).toBeNull();
    expect(await under.store.queue.finish('nothing', { status: 'superseded' }, 50, [])).toBe(false);
  });

  test('a build that is put back keeps what it found and loses what belongs to the attempt', async () => {
    const build = newBuild();
    await queue(under.store, build);
    await claim();
    await under.store.queue.progress(build.id, { wasHead: true, engineImage: 'sha256:e', fingerprint: 'f' });
    await under.store.queue.steps(build.id, [{ name: 'fetch', startedAt: 1 }]);
    await under.store.queue.putBack(build.id, 3000, false);
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
    const build = newBuild(over);
    await queue(under.store, build);
    await claim();
    const newer = newBuild({ commit: head('b') });
    await queue(under.store, newer);
    await under.store.queue.putBack(build.id, 3000, false);
    expect((await under.store.builds.get(build.id))?.status).toBe(status);
    expect((await under.store.builds.get(newer.id))?.status).toBe('queued');
  });

  test('a heartbeat keeps the lease of its own builds and hears who is to be cancelled', async () => {
    const { store } = under;
    const [mine, other] = [newBuild(), newBuild({ service: 'other' })];
    await queue(store, mine);
    await store.queue.claim('w1', 2000, 3000);
    await queue(store, other);
    await store.queue.claim('w2', 2000, 3000);
    expect(await store.queue.heartbeat('w1', 9000)).toEqual([]);
    await store.housekeeping.cancel(mine.id, 2500);
    await store.housekeeping.cancel(other.id, 2500);
    expect(await store.queue.heartbeat('w1', 9000)).toEqual([mine.id]);
    expect(await store.housekeeping.recover(8000, null)).toEqual([other.id]);
  });
}
