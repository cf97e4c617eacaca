import { LEASE_MS } from '../../src/store/contract.js';
import { storeForEachTest, type OpenStore } from './store-harness.js';
import { begin, claim, inputs, head, live, look, newBuild, queue, success } from './store-samples.js';

/** Two workers on one store: what each may take and write. */
export function fenceContract(open: OpenStore): void {
  let now = 5000;
  beforeEach(() => (now = 5000));
  const under = storeForEachTest(open, { logLimit: 1000, now: () => now });

  /** A worker hangs past its lease, and another one has its build by then. */
  async function takenOver() {
    const { store } = under;
    const lost = await begin(store, newBuild(), 'hung');
    now += LEASE_MS;
    await live(store, 'next');
    expect(await store.housekeeping.recover('next')).toEqual([lost.id]);
    const owned = await claim(store, 'next');
    if (owned?.id !== lost.id) throw new Error('it is not claimed again');
    return { store, lost, owned };
  }

  test('each claim is another attempt, which starts by the clock of the store', async () => {
    const { store, lost, owned } = await takenOver();
    expect([lost.claim, owned.claim]).toEqual([1, 2]);
    expect([lost.startedAt, owned.startedAt]).toEqual([5000, 5000 + LEASE_MS]);
    expect(await store.builds.get(owned.id)).toMatchObject({ claim: 2, startedAt: now });
  });

  test('a lost attempt changes nothing of the next one', async () => {
    const { store, lost, owned } = await takenOver();
    await store.queue.steps(owned, [{ name: 'fetch', startedAt: 1 }]);
    await store.logs.append(owned, 'one\n');
    const before = await store.builds.get(owned.id);
    const { queue: calls, logs } = store;
    const late = inputs(head('b'), 'late');
    expect(await calls.progress(lost, { inputs: late, wasHead: true, fingerprint: 'late' })).toBe(false);
    expect(await calls.progress(lost, {})).toBe(false);
    expect(await calls.steps(lost, [{ name: 'fetch', finishedAt: 2 }])).toBe(false);
    expect(await calls.steps(lost, [{ name: 'late', startedAt: 2 }])).toBe(false);
    expect(await logs.append(lost, 'late\n')).toBe(false);
    expect(await calls.putBack(lost, 9000, true)).toBe(false);
    expect(await calls.finish(lost, success(), 9000, [look()])).toBe(false);
    expect(await logs.append(owned, 'two\n')).toBe(true);
    expect(await store.builds.get(owned.id)).toEqual(before);
    expect((await logs.read(owned.id, 0)).text).toBe('one\ntwo\n');
    expect(await store.looks.nextDueAt([])).toBeNull();
    expect(await calls.finish(owned, success(), 9000, [])).toBe(true);
  });

  test('nor of a build that waits for its next attempt', async () => {
    const { store } = under;
    const lost = await begin(store, newBuild(), 'hung');
    now += LEASE_MS;
    await store.housekeeping.recover('next');
    expect(await store.queue.progress(lost, { fingerprint: 'late' })).toBe(false);
    expect(await store.logs.append(lost, 'late\n')).toBe(false);
    expect(await store.queue.finish(lost, success(), 9000, [])).toBe(false);
    expect(await store.builds.get(lost.id)).toMatchObject({ status: 'queued', fingerprint: null, claim: 1 });
  });

  test('what it says together with others is left out, and fails none of them', async () => {
    const { store, lost, owned } = await takenOver();
    const other = await begin(store, newBuild({ service: 'other' }), 'next');
    const answers = await Promise.all([
      store.logs.append(owned, 'one\n'),
      store.logs.append(lost, 'late\n'),
      store.queue.steps(lost, [{ name: 'late', startedAt: 1 }]),
      store.queue.steps(other, [{ name: 'fetch', startedAt: 1 }]),
      store.logs.append(other, 'other\n'),
      store.logs.append(owned, 'two\n'),
    ]);
    expect(answers).toEqual([true, false, false, true, true, true]);
    expect((await store.logs.read(owned.id, 0)).text).toBe('one\ntwo\n');
    expect((await store.logs.read(other.id, 0)).text).toBe('other\n');
    expect((await store.builds.get(other.id))?.steps).toMatchObject([{ name: 'fetch' }]);
    expect((await store.builds.get(owned.id))?.steps).toEqual([]);
  });

  test('its worker hears of it at the next heartbeat, and works on under another id only', async () => {
    const { store, owned } = await takenOver();
    expect(await store.workers.heartbeat('hung')).toBeNull();
    await queue(store, newBuild({ service: 'other' }));
    expect(await store.queue.claim('hung')).toBeNull();
    await store.workers.join('hung again');
    expect(await store.queue.claim('hung again')).toMatchObject({ service: 'other', claim: 1 });
    expect(await store.workers.heartbeat('next')).toMatchObject({ owned: [{ id: owned.id, claim: 2 }], cancels: [] });
  });

  test('of two that want to end a build, one does', async () => {
    const { store, lost, owned } = await takenOver();
    const ends = await Promise.all([
      store.queue.finish(lost, success(), 9000, [look()]),
      store.queue.finish(owned, success(), 9000, [look()]),
      store.queue.finish(owned, { status: 'canceled' }, 9000, [look()]),
      store.queue.putBack(lost, 9000, false),
    ]);
    expect(ends).toEqual([false, true, false, false]);
    expect(await store.builds.get(owned.id)).toMatchObject({ status: 'succeeded' });
    expect(await store.looks.due(9000, 10, [])).toHaveLength(1);
  });

  test('a heartbeat renews the lease of all that a worker runs, and names what is to be canceled', async () => {
    const { store } = under;
    const mine = await begin(store, newBuild(), 'w1');
    const other = await begin(store, newBuild({ service: 'other' }), 'w2');
    const owned = [{ id: mine.id, claim: 1 }];
    now += LEASE_MS - 1;
    expect(await store.workers.heartbeat('w1')).toMatchObject({ owned, cancels: [] });
    for (const { id } of [mine, other]) await store.housekeeping.cancel(id, now);
    expect(await store.workers.heartbeat('w1')).toMatchObject({ owned, cancels: [mine.id] });
    now += 1;
    expect(await store.housekeeping.recover('w3')).toEqual([other.id]);
    now += LEASE_MS - 2;
    expect(await store.housekeeping.recover('w3')).toEqual([]);
    now += 1;
    expect(await store.housekeeping.recover('w3')).toEqual([mine.id]);
  });

  test('how long an attempt is owned is the rest of its lease', async () => {
    const { store } = under;
    const attempt = await begin(store, newBuild(), 'w1');
    expect(await store.queue.owned(attempt)).toBe(LEASE_MS);
    now += 20_000;
    expect(await store.queue.owned(attempt)).toBe(LEASE_MS - 20_000);
    now += LEASE_MS;
    expect(await store.queue.owned(attempt)).toBe(0);
    await store.workers.heartbeat('w1');
    expect(await store.queue.owned(attempt)).toBe(LEASE_MS);
    expect(await store.queue.owned({ ...attempt, claim: 2 })).toBe(0);
    await store.queue.finish(attempt, { status: 'canceled' }, now, []);
    expect(await store.queue.owned(attempt)).toBe(0);
  });

  test('without a lease nothing can be claimed', async () => {
    const { store } = under;
    const build = newBuild();
    await queue(store, build);
    expect(await store.queue.claim('never joined')).toBeNull();
    await store.workers.join('w');
    now += LEASE_MS;
    expect(await store.queue.claim('w')).toBeNull();
    await store.workers.heartbeat('w');
    expect(await store.queue.claim('w')).toMatchObject({ id: build.id });
  });

  test('a worker that was suspended keeps its work where nobody has taken it', async () => {
    const { store } = under;
    const { id, ...attempt } = await begin(store, newBuild(), 'w');
    now += 10 * LEASE_MS;
    expect(await store.workers.heartbeat('w')).toMatchObject({ owned: [{ id, claim: 1 }], cancels: [] });
    expect(await store.housekeeping.recover('other')).toEqual([]);
    expect(await store.queue.finish({ id, claim: attempt.claim }, success(), now, [])).toBe(true);
  });

  async function withWork(worker: string) {
    const { store } = under;
    const [ahead, running] = [newBuild({ service: 'ahead' }), await begin(store, newBuild(), worker)];
    await queue(store, ahead);
    await store.inHand.takeBuilds([ahead.id], worker);
    const taken = await store.looks.add(look());
    await store.inHand.takeLooks([taken.id], worker);
    return {
      running,
      deaths: async () => [
        (await under.store.builds.get(running.id))?.deaths,
        (await under.store.builds.get(ahead.id))?.deaths,
        ...(await under.store.looks.due(now, 10, [])).map((it) => it.deaths),
      ],
    };
  }

  test('a worker that starts takes nothing from one that lives', async () => {
    const { running, deaths } = await withWork('lives');
    const { store } = under;
    await store.workers.join('starts');
    expect(await store.housekeeping.recover('starts')).toEqual([]);
    expect(await store.builds.get(running.id)).toMatchObject({ status: 'running', claim: 1 });
    // The marks are still there: the store is opened again, and all that was in hand counts a death.
    const again = await under.reopen();
    await again.workers.join('after');
    expect(await again.housekeeping.recover('after')).toEqual([running.id]);
    expect(await deaths()).toEqual([1, 1, 1]);
  });

  test.each<[string, () => Promise<void>]>([
    ['whose lease has run out', async () => void (now += LEASE_MS)],
    ['that has left', () => under.store.workers.leave('gone')],
  ])('the work of a worker %s is taken, and counts no death', async (_name, end) => {
    const { running, deaths } = await withWork('gone');
    const { store } = under;
    await end();
    await store.workers.join('other');
    expect(await store.housekeeping.recover('other')).toEqual([running.id]);
    const again = await under.reopen();
    expect(await again.housekeeping.recover('after')).toEqual([]);
    expect(await deaths()).toEqual([0, 0, 0]);
  });
}
