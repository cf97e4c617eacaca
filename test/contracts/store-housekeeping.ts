import { LEASE_MS } from '../../src/store/contract.js';
import { storeForEachTest, type OpenStore } from './store-harness.js';
import {
  begin,
  claim as claimNext,
  delivery,
  head,
  look,
  newBuild,
  plan,
  queue,
  succeed,
  success,
  toSkip,
} from './store-samples.js';

export function housekeepingContract(open: OpenStore): void {
  let now = 5000;
  const under = storeForEachTest(open, { logLimit: 1000, now: () => now });
  beforeEach(() => (now = 5000));
  const claim = () => claimNext(under.store);

  test('cancelling a queued build ends it', async () => {
    const build = newBuild();
    await queue(under.store, build);
    expect(await under.store.housekeeping.cancel(build.id, 1500)).toBe('canceled');
    expect(await under.store.builds.get(build.id)).toMatchObject({ status: 'canceled', finishedAt: 1500 });
    expect(await claim()).toBeNull();
  });

  test('cancelling a running build asks its worker', async () => {
    const build = await begin(under.store);
    expect(await under.store.housekeeping.cancel(build.id, 2500)).toBe('requested');
    expect((await under.store.builds.get(build.id))?.status).toBe('running');
  });

  test('a build that has ended, or that there is not, cannot be cancelled', async () => {
    const build = newBuild();
    await succeed(under.store, build, 2000);
    expect(await under.store.housekeeping.cancel(build.id, 3000)).toBe('already-ended');
    expect((await under.store.builds.get(build.id))?.status).toBe('succeeded');
    expect(await under.store.housekeeping.cancel('nothing', 3000)).toBeNull();
  });

  test('a build that was to be cancelled ends when it is put back', async () => {
    const build = await begin(under.store);
    await under.store.queue.steps(build, [{ name: 'fetch', startedAt: 2000 }]);
    await under.store.housekeeping.cancel(build.id, 2500);
    await under.store.queue.putBack(build, 2600, true);
    expect(await under.store.builds.get(build.id)).toMatchObject({
      status: 'canceled',
      startedAt: 5000,
      finishedAt: 5000,
      steps: [{ finishedAt: 5000 }],
    });
  });

  test('recovery ends pauses that only a clock set back can have made so long', async () => {
    const { store } = under;
    const build = await begin(under.store);
    await store.queue.putBack(build, 10_000_000, true);
    for (const dueAt of [10_000_000, 120_000]) await store.looks.add(look({ dueAt }));
    await store.housekeeping.recover('w');
    expect(await store.looks.due(5000, 10, [])).toMatchObject([{ dueAt: 5000 }]);
    expect(await claim()).toMatchObject({ id: build.id });
  });

  test('recovery leaves one build of a branch for the newest head, and ends what was to be cancelled', async () => {
    const { store } = under;
    const [old, cancelled] = [newBuild(), newBuild({ service: 'other' })];
    for (const build of [old, cancelled]) {
      await queue(store, build);
      await claim();
    }
    const newer = newBuild({ commit: head('b') });
    await queue(store, newer);
    await store.housekeeping.cancel(cancelled.id, 2500);
    now += LEASE_MS;
    expect(await store.housekeeping.recover('w2')).toEqual([old.id, cancelled.id]);
    expect(await store.builds.get(old.id)).toMatchObject({ status: 'superseded', finishedAt: now });
    expect(await store.builds.get(cancelled.id)).toMatchObject({ status: 'canceled', finishedAt: now });
    expect((await claim())?.id).toBe(newer.id);
  });

  test('old deliveries go once they are settled', async () => {
    const { store } = under;
    for (const [id, receivedAt] of [
      ['d1', 1],
      ['d2', 2],
      ['d3', 10],
    ] as const)
      await store.deliveries.accept(delivery(id, { receivedAt }), null);
    await store.deliveries.settle('d1', 'planned', null);
    await store.deliveries.settle('d3', 'planned', null);
    expect(await store.housekeeping.forgetDeliveries(10)).toBe(1);
    const { items } = await store.deliveries.page({ limit: 10, cursor: null });
    expect(items.map(({ id }) => id)).toEqual(['d3', 'd2']);
  });

  test('old decisions go, but for the newest of each branch', async () => {
    const { store } = under;
    const record = async (service: string, at: number, forced = false) => {
      const planned = toSkip({ service });
      const reason = forced ? { ...planned.decision.reason, code: 'forced' as const } : planned.decision.reason;
      await store.decisions.record(plan([{ ...planned, decision: { ...planned.decision, reason } }]), at);
    };
    for (let at = 1; at <= 1200; at += 1) await record('busy', at);
    await record('quiet', 1201);
    await record('quiet', 1202, true);
    await record('busy', 5000);
    expect(await store.housekeeping.forgetDecisions(5000)).toBe(1200);
    const left = (await store.decisions.last(10)).map(({ service, at, reason }) => [service, at, reason.code]);
    expect(left).toEqual([
      ['busy', 5000, expect.any(String)],
      ['quiet', 1202, 'forced'],
      ['quiet', 1201, expect.any(String)],
    ]);
    expect(await store.housekeeping.forgetDecisions(5000)).toBe(0);
  });

  test('an idempotency key keeps the build of its first call', async () => {
    const { once } = under.store.housekeeping;
    expect(await once('key', 'request', 'build-1')).toEqual({ buildId: 'build-1' });
    expect(await once('key', 'request', 'build-2')).toEqual({ buildId: 'build-1' });
    expect(await once('key', 'other request', 'build-3')).toBe('conflict');
    expect(await once('other key', 'other request', 'build-3')).toEqual({ buildId: 'build-3' });
  });

  test('an idempotency key can be asked for without being taken', async () => {
    const { once } = under.store.housekeeping;
    expect(await once('key', 'request', null)).toEqual({ buildId: null });
    expect(await once('key', 'other request', 'build-1')).toEqual({ buildId: 'build-1' });
    expect(await once('key', 'other request', null)).toEqual({ buildId: 'build-1' });
    expect(await once('key', 'request', null)).toBe('conflict');
  });

  test('calls with one key at the same time agree on one build', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => under.store.housekeeping.once('key', 'request', `build-${index}`)),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  test('the load counts queued and running builds', async () => {
    const { store } = under;
    expect(await store.housekeeping.load()).toEqual({ queued: 0, running: 0, pausedUntil: null });
    await succeed(store, newBuild(), 2000);
    for (const service of ['a', 'b', 'c']) await queue(store, newBuild({ service }));
    await claim();
    expect(await store.housekeeping.load()).toEqual({ queued: 2, running: 1, pausedUntil: null });
  });

  test('the load tells when the first pause of a queued build ends, of those that have not ended', async () => {
    const { store } = under;
    now = 5000;
    for (const [service, notBefore] of [
      ['a', 4000],
      ['b', 7000],
      ['c', 6000],
    ] as const) {
      await queue(store, newBuild({ service, notBefore }));
    }
    expect(await store.housekeeping.load()).toEqual({ queued: 3, running: 0, pausedUntil: 6000 });
    now = 6000;
    expect(await store.housekeeping.load()).toMatchObject({ pausedUntil: 7000 });
    now = 5000;
  });

  test('the waits are those of looks and queued builds that failed and are not due, the first due first', async () => {
    const { store } = under;
    const away = { code: 'git-unavailable', message: 'The git host is away.' } as const;
    const registry = { code: 'registry-unavailable', message: 'The registry is away.' } as const;
    expect(await store.housekeeping.waits(5000, 10)).toEqual([]);
    const late = await store.looks.add(look());
    const due = await store.looks.add(look({ ref: 'refs/heads/other' }));
    await store.looks.add(look({ ref: 'refs/heads/third', dueAt: 9000 }));
    await store.looks.postpone(late.id, 8000, away);
    await store.looks.postpone(due.id, 5000, away);
    const build = await begin(store);
    await store.queue.progress(build, { waitedOut: registry });
    await store.queue.putBack(build, 7000, true);
    const waits = [
      { ...registry, until: 7000 },
      { ...away, until: 8000 },
    ];
    expect(await store.housekeeping.waits(5000, 10)).toEqual(waits);
    expect(await store.housekeeping.waits(5000, 1)).toEqual(waits.slice(0, 1));
    expect(await store.housekeeping.waits(7000, 10)).toEqual(waits.slice(1));
  });

  test('cleaning removes logs of builds that ended before, and keys that are older', async () => {
    const { store } = under;
    const [old, fresh, running] = [newBuild(), newBuild({ commit: head('b') }), newBuild({ service: 'other' })];
    for (const [build, at] of [
      [old, 2000],
      [fresh, 4000],
    ] as const) {
      now = at;
      const attempt = await begin(store, build);
      await store.logs.append(attempt, `log of ${build.id}`);
      await store.queue.finish(attempt, success(), at, []);
    }
    await store.logs.append(await begin(store, running), 'running');
    now = 1000;
    await store.housekeeping.once('old', 'request', 'build-1');
    now = 5000;
    await store.housekeeping.once('fresh', 'request', 'build-1');
    await store.housekeeping.clean(4000);
    const logs = await Promise.all([old, fresh, running].map(({ id }) => store.logs.read(id, 0)));
    expect(logs.map(({ text }) => text)).toEqual(['', `log of ${fresh.id}`, 'running']);
    expect(await store.housekeeping.once('old', 'request', 'build-2')).toEqual({ buildId: 'build-2' });
    expect(await store.housekeeping.once('fresh', 'request', 'build-2')).toEqual({ buildId: 'build-1' });
  });

  test('cleaning many logs removes them all', async () => {
    const builds = Array.from({ length: 25 }, (_, index) => newBuild({ service: `s${index}` }));
    for (const build of builds) {
      now = 2000;
      const attempt = await begin(under.store, build);
      await under.store.logs.append(attempt, 'text');
      await under.store.queue.finish(attempt, { status: 'canceled' }, 2000, []);
    }
    await under.store.housekeeping.clean(3000);
    for (const { id } of builds) expect((await under.store.logs.read(id, 0)).text).toBe('');
  });
}
