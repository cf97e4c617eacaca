import { LEASE_MS } from '../../src/store/contract.js';
import { storeForEachTest, type OpenStore } from './store-harness.js';
import { add, fault, newDeployment, run, specification, start, verified } from './store-deployment-samples.js';
import { live } from './store-samples.js';

const adopted = (id: string, restart: 'always' | 'no') => ({
  host: 'a',
  id,
  name: 'old-app',
  restart: { name: restart, maxRetries: 0 },
});

/** Who may run a deployment, and what its attempts write. */
export function deploymentAttemptContract(open: OpenStore): void {
  let now = 5000;
  beforeEach(() => (now = 5000));
  const under = storeForEachTest(open, { logLimit: 100, now: () => now });

  test('a claim needs a lease, and is another attempt each time', async () => {
    const { store } = under;
    const { id } = await add(store, newDeployment(1));
    expect(await store.deployments.claim(id, 'w', 2000)).toBeNull();
    await store.workers.join('w');
    expect(await store.deployments.claim(id, 'w', 2000)).toMatchObject({
      status: 'running',
      claim: 1,
      startedAt: 2000,
    });
    expect(await store.deployments.claim(id, 'w', 2000)).toBeNull();
    await store.deployments.putBack({ id, claim: 1 }, 9000, { code: 'registry-unavailable', message: 'It is away.' });
    expect(await store.deployments.get(id)).toMatchObject({
      status: 'pending',
      notBefore: 9000,
      waitedOut: { code: 'registry-unavailable' },
    });
    expect(await store.deployments.claim(id, 'w', 3000)).toMatchObject({ claim: 2, startedAt: 2000 });
    await store.deployments.putBack({ id, claim: 2 }, 0, null);
    now += LEASE_MS;
    expect(await store.deployments.claim(id, 'w', 4000)).toBeNull();
  });

  test('a pair has one running deployment, however many are claimed at once', async () => {
    const { store } = under;
    await store.workers.join('w');
    const attempt = await start(store, newDeployment(1));
    const waiting = await add(store, newDeployment(2));
    const elsewhere = [newDeployment(1, { service: 'other' }), newDeployment(1, { environment: 'staging' })];
    for (const each of elsewhere) await add(store, each);
    const claims = await Promise.all(
      [waiting, ...elsewhere, waiting].map(({ id }) => store.deployments.claim(id, 'w', 1)),
    );
    expect(claims.map((claimed) => claimed?.id)).toEqual([undefined, ...elsewhere.map(({ id }) => id), undefined]);
    await store.deployments.finish(attempt, verified, 3000);
    const again = await Promise.all([1, 2, 3].map(() => store.deployments.claim(waiting.id, 'w', 1)));
    expect(again.filter((claimed) => claimed !== null)).toHaveLength(1);
  });

  test('what an attempt learns is shown, and what it does not say stays', async () => {
    const { store } = under;
    const attempt = await start(store, newDeployment(1));
    const hosts = [{ host: 'a', state: 'preparing', verifications: [] }] as const;
    const steps = [{ name: 'pull', host: 'a', startedAt: 2000, finishedAt: null }];
    const waitedOut = { code: 'host-unreachable', message: 'It is away.' } as const;
    expect(await store.deployments.progress(attempt, { hosts, steps, warnings: ['w'], waitedOut })).toBe(true);
    expect(await store.deployments.progress(attempt, {})).toBe(true);
    expect(await store.deployments.get(attempt.id)).toMatchObject({ hosts, steps, warnings: ['w'], waitedOut });
    await store.deployments.progress(attempt, { waitedOut: null });
    expect(await store.deployments.get(attempt.id)).toMatchObject({ hosts, waitedOut: null });
    await store.deployments.finish(attempt, verified, 4000);
    expect((await store.deployments.get(attempt.id))?.steps).toMatchObject([{ startedAt: 2000, finishedAt: 4000 }]);
  });

  test('the first reason to go back stays, also over another attempt', async () => {
    const { store } = under;
    const attempt = await start(store, newDeployment(1));
    expect(await store.deployments.turnBack(attempt, 'failed', fault('port-in-use'))).toBe(true);
    expect(await store.deployments.turnBack(attempt, 'canceled', null)).toBe(true);
    await store.deployments.putBack(attempt, 0, null);
    const kept = { turnedBack: 'failed', error: fault('port-in-use') };
    expect(await store.deployments.claim(attempt.id, 'w', 3000)).toMatchObject(kept);
    expect(await store.deployments.get(attempt.id)).toMatchObject(kept);
  });

  test('containers of somebody else are remembered as they were found first', async () => {
    const { store } = under;
    const attempt = await start(store, newDeployment(1));
    await store.deployments.adopts(attempt, [adopted('1', 'always')]);
    expect(await store.deployments.adopts(attempt, [adopted('1', 'no'), adopted('2', 'always')])).toBe(true);
    expect(await store.deployments.adopted(attempt.id)).toEqual([adopted('1', 'always'), adopted('2', 'always')]);
  });

  test('what an adoption took is known, and what it found becomes its specification', async () => {
    const { store } = under;
    const ticket = await start(store, newDeployment(1, { service: 'other' }));
    await store.deployments.adopts(ticket, [adopted('1', 'always')]);
    const attempt = await start(store, newDeployment(1, { kind: 'adopt' }));
    await store.deployments.adopts(attempt, [adopted('2', 'always')]);
    const found = { ...specification('sha256:1'), adoptedSpecs: { a: 'label' } };
    const end = { ...verified, desired: { wanted: 'running', behind: [], specification: found } } as const;
    await store.deployments.finish(attempt, end, 4000);
    expect((await store.deployments.desired('production', 'app'))?.specification).toEqual(found);
    // Nothing else keeps one that failed.
    const failed = await start(store, newDeployment(1, { kind: 'adopt' }));
    await store.deployments.adopts(failed, [adopted('3', 'always')]);
    await store.deployments.finish(failed, { status: 'failed', error: fault(), blocks: false }, 5000);
    await store.housekeeping.forgetDeployments(9000);
    expect(await store.deployments.taken()).toEqual(['2', '3']);
  });

  test('its log is text in order, within the limit', async () => {
    const { store } = under;
    const attempt = await start(store, newDeployment(1));
    const { log, readLog } = store.deployments;
    expect(await Promise.all(['one\n', '', 'two\n'].map((text) => log(attempt, text)))).toEqual([
      { line: 1 },
      { line: null },
      { line: 2 },
    ]);
    const { text, next } = await readLog(attempt.id, 0);
    expect(text).toBe('one\ntwo\n');
    await log(attempt, 'ü'.repeat(80));
    await log(attempt, 'more');
    const dropped = 'The log has reached its limit of 100 bytes (limits.log); the rest was dropped.\n';
    expect((await readLog(attempt.id, next)).text).toBe(`${'ü'.repeat(46)}\n${dropped}`);
  });

  test('a lost attempt changes nothing', async () => {
    const { store } = under;
    const lost = await start(store, newDeployment(1), 'hung');
    now += LEASE_MS;
    await live(store, 'next');
    await store.housekeeping.recover('next');
    const { deployments } = store;
    const tryAll = async () => [
      await deployments.progress(lost, { warnings: ['late'] }),
      await deployments.progress(lost, {}),
      await deployments.turnBack(lost, 'canceled', null),
      await deployments.adopts(lost, [adopted('1', 'always')]),
      await deployments.log(lost, 'late'),
      await deployments.putBack(lost, 9999, null),
      await deployments.finish(lost, verified, 9999),
    ];
    const none = Array.from({ length: 7 }, () => false);
    const pending = await deployments.get(lost.id);
    expect(await tryAll()).toEqual(none);
    expect(await deployments.get(lost.id)).toEqual(pending);
    const owned = await deployments.claim(lost.id, 'next', 6000);
    expect(await tryAll()).toEqual(none);
    expect(await deployments.get(lost.id)).toEqual(owned);
    expect(await deployments.adopted(lost.id)).toEqual([]);
    expect(await deployments.readLog(lost.id, 0)).toEqual({ text: '', next: 0 });
    expect([await deployments.owned(lost), await deployments.owned(owned ?? lost)]).toEqual([0, LEASE_MS]);
    expect(await deployments.desired('production', 'app')).toBeNull();
  });

  test('a heartbeat names the deployments that a worker still runs, and those to be canceled', async () => {
    const { store } = under;
    const [mine, other] = [await start(store, newDeployment(1), 'w1'), newDeployment(1, { service: 'other' })];
    await start(store, other, 'w2');
    const owned = [{ id: mine.id, claim: 1 }];
    const nothing = { owned: [], cancels: [] };
    expect(await store.workers.heartbeat('w1')).toEqual({ ...nothing, deployments: { owned, cancels: [] } });
    await store.deployments.cancel(mine.id, now);
    expect(await store.workers.heartbeat('w1')).toEqual({ ...nothing, deployments: { owned, cancels: [mine.id] } });
    await store.deployments.finish(mine, { status: 'canceled', error: null, behind: [] }, 4000);
    expect(await store.workers.heartbeat('w1')).toEqual({ ...nothing, deployments: nothing });
    now += LEASE_MS - 1;
    expect(await store.deployments.owned({ id: other.id, claim: 1 })).toBe(1);
    now += 1;
    expect(await store.deployments.owned({ id: other.id, claim: 1 })).toBe(0);
  });

  test('recovery gives back what a worker that is gone ran, and nothing else', async () => {
    const { store } = under;
    const [gone, lives] = [await start(store, newDeployment(1), 'gone'), newDeployment(1, { service: 'other' })];
    await start(store, lives, 'lives');
    await store.deployments.turnBack(gone, 'failed', fault());
    await store.deployments.cancel(gone.id, now);
    await store.workers.leave('gone');
    await store.housekeeping.recover('lives');
    expect(await store.deployments.get(gone.id)).toMatchObject({
      status: 'pending',
      notBefore: 0,
      startedAt: 2000,
      turnedBack: 'failed',
      error: fault(),
      cancelRequested: true,
      claim: 1,
    });
    expect((await store.deployments.get(lives.id))?.status).toBe('running');
    const again = await under.reopen();
    await again.workers.join('after');
    await again.housekeeping.recover('after');
    expect(await again.deployments.claim(lives.id, 'after', 8000)).toMatchObject({ claim: 2, startedAt: 2000 });
  });

  test('what is to be canceled is due at once when it is put back', async () => {
    const { store } = under;
    const attempt = await start(store, newDeployment(1));
    await store.deployments.cancel(attempt.id, now);
    await store.deployments.putBack(attempt, 9000, null);
    expect(await store.deployments.get(attempt.id)).toMatchObject({ notBefore: 0, cancelRequested: true });
  });

  test.each([
    ['canceled', { status: 'canceled', error: null, behind: [] }],
    ['superseded', { status: 'superseded', error: null, behind: [] }],
    ['rolled-back', { status: 'rolled-back', error: null, behind: [] }],
    ['rolled-back', { status: 'rolled-back', error: fault(), behind: [], blocks: false }],
    ['failed', { status: 'failed', error: fault(), behind: [], blocks: true }],
  ] as const)('it ends %s once, and nothing becomes desired', async (status, end) => {
    const { store } = under;
    const ended = await run(store, newDeployment(1), end, 1500);
    // Nothing ends before it began.
    expect(ended).toMatchObject({ status, error: end.error, finishedAt: 2000 });
    expect(await store.deployments.finish(ended, verified, 9000)).toBe(false);
    expect(await store.deployments.desired('production', 'app')).toBeNull();
    expect(await store.deployments.unfinished()).toEqual([]);
  });
}
