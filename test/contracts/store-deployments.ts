import type { Deployment } from '../../src/model/deployment.js';
import { storeForEachTest, type OpenStore } from './store-harness.js';
import {
  add,
  deployed,
  fault,
  go,
  newDeployment,
  run,
  slipway,
  specification,
  start,
} from './store-deployment-samples.js';

/** What is asked for, until an attempt begins, and how it is read. */
export function deploymentContract(open: OpenStore): void {
  const under = storeForEachTest(open);
  const statusOf = async (id: string) => (await under.store.deployments.get(id))?.status;
  const page = async (query: object) => {
    const { items } = await under.store.deployments.page({ limit: 50, cursor: null, ...query });
    return items.map(({ id }) => id);
  };

  test('a deployment reads back as it was asked for, also after a restart', async () => {
    const first = await go(under.store, 1);
    const asked = newDeployment(2, {
      reference: 'TICKET-1',
      reason: 'because',
      force: true,
      adopt: ['old-app'],
      useKept: true,
      removes: true,
      callbackUrl: 'http://ci.test/',
      only: ['a'],
      warnings: ['careful'],
    });
    const { specification: kept, ...same } = asked;
    const expected: Deployment = {
      ...same,
      from: { number: 1, tag: '1.1', digest: 'sha256:1' },
      status: 'pending',
      waitedOut: null,
      notBefore: 0,
      approvals: [],
      hosts: [],
      steps: [],
      error: null,
      createdAt: 7000,
      startedAt: null,
      finishedAt: null,
      claim: 0,
      cancelRequested: false,
      activeBefore: null,
      turnedBack: null,
      gate: null,
    };
    expect(first.from).toBeNull();
    expect(await add(under.store, asked, 7000)).toEqual(expected);
    const store = await under.reopen();
    expect(await store.deployments.get(asked.id)).toEqual(expected);
    expect(await store.deployments.specification(asked.id)).toEqual(kept);
    expect(JSON.stringify(expected)).not.toContain('secret');
  });

  test('one that there is not is null', async () => {
    const { deployments } = under.store;
    expect(await deployments.get('nothing')).toBeNull();
    expect(await deployments.specification('nothing')).toBeNull();
    expect(await deployments.adopted('nothing')).toEqual([]);
    expect(await deployments.readLog('nothing', 0)).toEqual({ text: '', next: 0 });
    expect(await deployments.desired('production', 'app')).toBeNull();
    expect(await deployments.before('production', 'app')).toEqual([]);
    expect(await deployments.newestOf('production', 'app', [1])).toBeNull();
    expect(await deployments.newestOf('production', 'app', [])).toBeNull();
    expect(await deployments.cancel('nothing', 1)).toBeNull();
    expect(await deployments.end('nothing', null, 1)).toBe(false);
    expect(await deployments.released('nothing', deployed(1), specification('sha256:1'), [])).toBe(false);
  });

  test('pages are the newest first, by service, environment and status', async () => {
    const { store } = under;
    const [failed, other, elsewhere] = [
      newDeployment(1),
      newDeployment(1, { service: 'other' }),
      newDeployment(1, { environment: 'staging' }),
    ];
    await run(store, failed, { status: 'failed', error: fault(), behind: [], blocks: true });
    for (const each of [other, elsewhere]) await add(store, each);
    expect(await page({})).toEqual([elsewhere.id, other.id, failed.id]);
    expect(await page({ service: 'app' })).toEqual([elsewhere.id, failed.id]);
    expect(await page({ environment: 'production' })).toEqual([other.id, failed.id]);
    expect(await page({ status: 'failed' })).toEqual([failed.id]);
    expect(await page({ service: 'app', environment: 'staging', status: 'pending' })).toEqual([elsewhere.id]);
    const { nextCursor } = await store.deployments.page({ limit: 2, cursor: null });
    const last = await store.deployments.page({ limit: 2, cursor: nextCursor });
    expect([last.items.map(({ id }) => id), last.nextCursor]).toEqual([[failed.id], null]);
  });

  test('unfinished are rollbacks first, then the oldest first', async () => {
    const { store } = under;
    await go(store, 1);
    const made = [
      newDeployment(2, { service: 'a' }),
      newDeployment(2, { service: 'b' }),
      newDeployment(1, { service: 'c', kind: 'rollback' }),
      newDeployment(1, { service: 'd', kind: 'rollback' }),
    ];
    await start(store, made[0] as (typeof made)[0]);
    for (const each of made.slice(1)) await add(store, each);
    const found = await store.deployments.unfinished();
    expect(found.map(({ service, status }) => `${service} ${status}`)).toEqual([
      'c pending',
      'd pending',
      'a running',
      'b pending',
    ]);
  });

  test('the newest of some releases is found, however many are asked for', async () => {
    const { store } = under;
    await go(store, 1);
    const newer = await go(store, 2);
    await go(store, 3);
    await go(store, 2, 'deployment', { environment: 'staging' });
    const found = await store.deployments.newestOf('production', 'app', [1, 2]);
    expect(found?.id).toBe(newer.id);
    const many = Array.from({ length: 40_000 }, (_, index) => index + 4);
    expect((await store.deployments.newestOf('production', 'app', [2, ...many]))?.id).toBe(newer.id);
  });

  describe('superseding', () => {
    test('a person supersedes all that waits of the pair, and nothing else', async () => {
      const { store } = under;
      const [person, own] = [newDeployment(1, { warnings: ['told before'] }), newDeployment(2, { requester: slipway })];
      for (const each of [person, own]) await add(store, each);
      const others = [newDeployment(1, { service: 'other' }), newDeployment(1, { environment: 'staging' })];
      for (const each of others) await add(store, each);
      const newest = newDeployment(3);
      const added = await store.deployments.add(newest, 4000);
      expect(added?.superseded).toEqual([person.id, own.id]);
      expect(await store.deployments.get(person.id)).toMatchObject({
        status: 'superseded',
        finishedAt: 4000,
        warnings: ['told before', `superseded by deployment ${newest.id}`],
      });
      expect(await page({ status: 'pending' })).toEqual([newest.id, ...others.map(({ id }) => id).reverse()]);
    });

    test("Slipway supersedes its own only: a person's waits on", async () => {
      const { store } = under;
      const [person, own] = [newDeployment(1), newDeployment(2, { requester: slipway })];
      for (const each of [person, own]) await add(store, each);
      const added = await store.deployments.add(newDeployment(3, { requester: slipway }), 4000);
      expect(added?.superseded).toEqual([own.id]);
      expect(await statusOf(person.id)).toBe('pending');
    });

    test('what has begun may have changed hosts: it is due, and its worker ends it', async () => {
      const { store } = under;
      const attempt = await start(store, newDeployment(1));
      await store.deployments.putBack(attempt, 9000, null);
      const added = await store.deployments.add(newDeployment(2), 4000);
      expect(added?.superseded).toEqual([]);
      expect(await store.deployments.get(attempt.id)).toMatchObject({
        status: 'pending',
        notBefore: 0,
        cancelRequested: false,
      });
    });

    test('a rollback asks those that have begun to cancel, and no other request does', async () => {
      const { store } = under;
      await go(store, 1);
      const [running, elsewhere] = [await start(store, newDeployment(2)), newDeployment(2, { environment: 'staging' })];
      await start(store, elsewhere);
      const asked = async () =>
        Promise.all([running, elsewhere].map(async ({ id }) => (await store.deployments.get(id))?.cancelRequested));
      await add(store, newDeployment(3));
      expect(await asked()).toEqual([false, false]);
      await add(store, newDeployment(1, { kind: 'rollback' }));
      expect(await asked()).toEqual([true, false]);
    });
  });

  test('one that depends on what is desired is stored only if that is still so', async () => {
    const { store } = under;
    const repair = (number: number) => newDeployment(number, { kind: 'repair', requester: slipway });
    const { add: store_ } = store.deployments;
    expect(await store_(repair(1), 1, { deploymentId: 'other' })).toBeNull();
    expect(await store_(newDeployment(1), 1, { deploymentId: null })).not.toBeNull();
    const { id } = await go(store, 2);
    const pending = repair(2);
    expect(await store_(pending, 1, { deploymentId: null })).toBeNull();
    expect(await store_(pending, 1, { deploymentId: 'other' })).toBeNull();
    expect(await store.deployments.get(pending.id)).toBeNull();
    expect(await store_(pending, 1, { deploymentId: id })).toMatchObject({ deployment: { id: pending.id } });
  });

  describe('before it begins', () => {
    test('a deployment waits for its build, then has its release', async () => {
      const { store } = under;
      const asked = newDeployment(5, { release: null, build: { id: 'build-1', branch: 'main' } });
      await add(store, asked);
      await store.workers.join('w');
      expect(await store.deployments.specification(asked.id)).toBeNull();
      expect(await store.deployments.claim(asked.id, 'w', 1)).toBeNull();
      await store.deployments.postpone(asked.id, 9000, { code: 'registry-unavailable', message: 'It is away.' });
      const kept = specification('sha256:5');
      expect(await store.deployments.released(asked.id, deployed(5), kept, ['careful'])).toBe(true);
      expect(await store.deployments.get(asked.id)).toMatchObject({
        release: deployed(5),
        warnings: ['careful'],
        build: { id: 'build-1', branch: 'main' },
        waitedOut: null,
        notBefore: 0,
      });
      expect(await store.deployments.specification(asked.id)).toEqual(kept);
      expect(await store.deployments.claim(asked.id, 'w', 1)).not.toBeNull();
      expect(await store.deployments.released(asked.id, deployed(6), kept, [])).toBe(false);
      expect((await store.deployments.newestOf('production', 'app', [5]))?.id).toBe(asked.id);
    });

    test('it can be postponed, with what it waits for', async () => {
      const { store } = under;
      const { id } = await add(store, newDeployment(1));
      const waitedOut = { code: 'host-unreachable', message: 'It is away.' } as const;
      await store.deployments.postpone(id, 9000, waitedOut);
      expect(await store.deployments.get(id)).toMatchObject({ notBefore: 9000, waitedOut });
      await store.deployments.postpone(id, 9500, null);
      expect(await store.deployments.get(id)).toMatchObject({ notBefore: 9500, waitedOut: null });
    });

    test('it ends with an error or without one, once', async () => {
      const { store } = under;
      const [bad, gone] = [newDeployment(1), newDeployment(1, { service: 'other' })];
      for (const each of [bad, gone]) await add(store, each);
      expect(await store.deployments.end(bad.id, fault('no-release'), 4000)).toBe(true);
      expect(await store.deployments.end(gone.id, null, 4000)).toBe(true);
      expect(await store.deployments.end(bad.id, null, 5000)).toBe(false);
      expect(await store.deployments.get(bad.id)).toMatchObject({
        status: 'failed',
        error: fault('no-release'),
        finishedAt: 4000,
      });
      expect(await store.deployments.get(gone.id)).toMatchObject({ status: 'canceled', error: null });
    });

    test('cancelling ends it at once, and only marks one that has begun, which is due then', async () => {
      const { store } = under;
      const waiting = await add(store, newDeployment(1, { service: 'other' }));
      expect(await store.deployments.cancel(waiting.id, 4000)).toBe('canceled');
      expect(await store.deployments.get(waiting.id)).toMatchObject({ status: 'canceled', finishedAt: 4000 });
      expect(await store.deployments.cancel(waiting.id, 4000)).toBe('already-ended');
      const attempt = await start(store, newDeployment(1));
      expect(await store.deployments.cancel(attempt.id, 4000)).toBe('requested');
      expect(await store.deployments.get(attempt.id)).toMatchObject({ status: 'running', cancelRequested: true });
      await store.deployments.putBack(attempt, 9000, null);
      expect(await store.deployments.cancel(attempt.id, 4000)).toBe('requested');
      expect(await store.deployments.get(attempt.id)).toMatchObject({ status: 'pending', notBefore: 0 });
    });
  });
}
