import type { NewNotice } from '../../src/store/contract.js';
import { add, newDeployment, run, verified } from './store-deployment-samples.js';
import { storeForEachTest, type OpenStore } from './store-harness.js';
import { begin, delivery, look, newBuild, plan, push, queue, success, toBuild, toSkip } from './store-samples.js';

export function noticeContract(open: OpenStore): void {
  const under = storeForEachTest(open);
  const notice = (over: Partial<NewNotice> = {}): NewNotice => ({
    ...{ receiver: 'github', subject: 'app', item: '', body: 'b1', dueAt: 100 },
    ...over,
  });
  const announced = async () => (await under.store.notices.announced(100)).map(({ kind, id }) => `${kind} ${id}`);

  describe('announced is', () => {
    test('the end of a build, however it ends, once, and nothing before it', async () => {
      const { store } = under;
      const running = await begin(store, newBuild({ id: 'b1' }));
      expect(await announced()).toEqual([]);
      await store.queue.finish(running, success(), 2000, []);
      await queue(store, newBuild({ id: 'b2', commit: '2'.repeat(40) }));
      await store.housekeeping.cancel('b2', 3000);
      expect(await announced()).toEqual(['build b1', 'build b2']);
      expect((await (await under.reopen()).notices.announced(1)).map(({ id }) => id)).toEqual(['b1']);
    });

    test('a push that builds nothing for some service, but none of a sweep', async () => {
      const { store } = under;
      await store.deliveries.accept(delivery('delivery-1'), look({ trigger: push }));
      await store.decisions.record(plan([toSkip(), toBuild(newBuild())]), 1000);
      expect(await announced()).toEqual(['delivery delivery-1']);
      const sweep = { ...push, kind: 'sweep' as const, deliveryId: null };
      await store.decisions.record(plan([{ ...toSkip({ service: 'other' }), trigger: sweep }]), 1000);
      expect(await announced()).toHaveLength(1);
    });

    test('a delivery that failed', async () => {
      const { store } = under;
      for (const id of ['d1', 'd2']) await store.deliveries.accept(delivery(id), null);
      await store.deliveries.settle('d1', 'ignored', null);
      await store.deliveries.settle('d2', 'failed', 'internal');
      expect(await announced()).toEqual(['delivery d2']);
    });

    test('the end of a deployment, also of one that never ran', async () => {
      const { store } = under;
      const ended = await run(store, newDeployment(1), verified);
      const waiting = await add(store, newDeployment(2));
      await store.deployments.cancel(waiting.id, 3000);
      expect(await announced()).toEqual([`deployment ${ended.id}`, `deployment ${waiting.id}`]);
      const replaced = await add(store, newDeployment(3));
      await add(store, newDeployment(4));
      expect((await announced()).at(-1)).toBe(`deployment ${replaced.id}`);
    });
  });

  test('an announcement is removed in the transaction that stores its notices', async () => {
    const { store } = under;
    await store.deliveries.accept(delivery('d1'), null);
    await store.deliveries.settle('d1', 'failed', null);
    const [first] = await store.notices.announced(10);
    await store.notices.put([notice(), notice({ subject: 'other' })], 50, first);
    expect(await announced()).toEqual([]);
    const { notices } = await under.reopen();
    expect(await notices.due(100, 10, [])).toEqual([
      { receiver: 'github', subject: 'app' },
      { receiver: 'github', subject: 'other' },
    ]);
  });

  test('a newer notice takes the place of the one of its part, and is due as soon as either was', async () => {
    const { notices } = under.store;
    const subject = { receiver: 'github', subject: 'app' };
    await notices.put([notice(), notice({ item: 'x' })], 50);
    const former = await notices.of(subject);
    await notices.postpone(former, 900, { code: 'notice-failed', message: 'Away.' });
    await notices.put([notice({ body: 'b2', dueAt: 500 })], 60);
    expect(await notices.of(subject)).toMatchObject([
      { item: '', body: 'b2', dueAt: 500, attempt: 0, version: 2, createdAt: 50 },
      { item: 'x', body: 'b1', dueAt: 900, attempt: 1, version: 1 },
    ]);
    await notices.put([notice({ body: 'b3', dueAt: 800 })], 60);
    expect((await notices.of(subject))[0]).toMatchObject({ body: 'b3', dueAt: 500 });
    // The one that came during the delivery stays, and is not put off.
    await notices.postpone(former.slice(0, 1), 9_000, { code: 'notice-failed', message: 'Away.' });
    await notices.done(former);
    expect(await notices.of(subject)).toMatchObject([{ body: 'b3', dueAt: 500, attempt: 0 }]);
  });

  test('is due in its order, without those of some receivers', async () => {
    const { notices } = under.store;
    await notices.put([notice({ dueAt: 300 }), notice({ receiver: 'other', dueAt: 200, item: 'a' })], 0);
    await notices.put([notice({ receiver: 'other', dueAt: 250, item: 'b' })], 0);
    expect(await notices.due(199, 10, [])).toEqual([]);
    expect((await notices.due(300, 10, [])).map(({ receiver }) => receiver)).toEqual(['other', 'github']);
    expect(await notices.due(300, 10, ['other'])).toMatchObject([{ receiver: 'github' }]);
    expect(await notices.nextDueAt([])).toBe(200);
    expect(await notices.nextDueAt(['other'])).toBe(300);
    expect(await notices.nextDueAt(['other', 'github'])).toBeNull();
  });

  test('that failed is counted by receiver, with what is tried next', async () => {
    const { notices } = under.store;
    await notices.put([notice(), notice({ subject: 'b' }), notice({ receiver: 'other' })], 0);
    const at = async (receiver: string, subject = 'app') => notices.of({ receiver, subject });
    await notices.postpone(await at('other'), 700);
    expect(await notices.waiting()).toEqual([]);
    const waitedOut = { code: 'notice-failed', message: 'Away.' } as const;
    await notices.postpone(await at('github'), 900, waitedOut);
    await notices.postpone(await at('github', 'b'), 800, waitedOut);
    expect(await notices.waiting()).toEqual([{ receiver: 'github', count: 2, waitedOut, until: 800 }]);
  });

  test('remarks are replaced, listed by their beginning, and forgotten by their age', async () => {
    const { notices } = under.store;
    await notices.setRemark('drift production app', 'a', 100);
    await notices.setRemark('drift production app', 'a b', 200);
    await notices.setRemark('check abc/app 1', '7', 100);
    expect(await notices.remark('check abc/app 1')).toBe('7');
    expect(await notices.remarks('drift ')).toEqual(new Map([['drift production app', 'a b']]));
    await notices.forgetRemarks(150, 'drift ');
    expect(await notices.remark('check abc/app 1')).toBeNull();
    await notices.forgetRemarks(250, 'drift ');
    expect(await notices.remarks('drift ')).toHaveProperty('size', 1);
    await notices.setRemark('drift production app', null, 300);
    expect(await notices.remarks('')).toHaveProperty('size', 0);
  });
}
