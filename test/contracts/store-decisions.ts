import { storeForEachTest, type OpenStore } from './store-harness.js';
import { head, newBuild, plan, push, toBuild, toSkip } from './store-samples.js';

export function decisionContract(open: OpenStore): void {
  const under = storeForEachTest(open);
  const record = async (decisions: ReturnType<typeof toSkip>[], now: number) =>
    (await under.store.decisions.record(plan(decisions), now)).recorded;

  test('a delivery has its decisions in the order in which they were made', async () => {
    const other = { ...toSkip(), trigger: { ...push, deliveryId: 'other' } };
    const rows = await record([toSkip({ service: 'b' }), other, toSkip({ service: 'a' })], 1);
    expect(await under.store.decisions.ofDelivery('delivery-1')).toEqual([rows[0], rows[2]]);
    expect(await under.store.decisions.ofDelivery('nobody')).toEqual([]);
  });

  test('the newest decision of a branch is the one made last', async () => {
    await record([toSkip({ head: head('a') })], 1);
    const [last] = await record([toSkip({ head: head('b') })], 1);
    await record([toSkip({ branch: 'release/1' }), toSkip({ service: 'other' })], 2);
    expect(await under.store.decisions.newest('app', 'main')).toEqual(last);
    expect(await under.store.decisions.newest('app', 'nothing')).toBeNull();
  });

  test('forced decisions are about the head only if they are about its commit', async () => {
    const [last] = await record([toSkip({ head: head('b') })], 1);
    const reason = { code: 'forced', message: 'Ada asked.', paths: [], patterns: [] } as const;
    const [forced] = await record([toSkip({ head: head('a'), reason })], 2);
    expect(await under.store.decisions.newest('app', 'main')).toEqual(last);
    expect(await under.store.decisions.newest('app', 'main', head('b'))).toEqual(last);
    expect(await under.store.decisions.newest('app', 'main', head('a'))).toEqual(forced);
  });

  test('a commit is covered by the newest decision about it, by a build before a skip of equal age', async () => {
    const build = newBuild({ commit: head('b') });
    await record([toSkip({}, 'older')], 1);
    expect(await under.store.decisions.covering('app', head('b'))).toMatchObject({ reliesOn: 'older' });
    await record([toSkip({}, 'x'), toBuild(build), toSkip({ branch: 'release/1' }, 'y')], 2);
    expect(await under.store.decisions.covering('app', head('b'))).toMatchObject({ buildId: build.id });
    await record([toSkip({}, 'newer')], 3);
    expect(await under.store.decisions.covering('app', head('b'))).toMatchObject({ reliesOn: 'newer' });
    expect(await under.store.decisions.covering('app', head('c'))).toBeNull();
  });

  test('what says nothing of an image, and what was forced, covers a commit only if nothing else is known', async () => {
    const covering = () => under.store.decisions.covering('app', head('b'));
    const branchLess = { ...toSkip().decision.reason, code: 'branch-not-configured' as const };
    const [nothing] = await record([toSkip({ branch: 'topic', reason: branchLess })], 1);
    expect(await covering()).toEqual(nothing);
    const [skip] = await record([toSkip({}, 'older')], 2);
    await record([toSkip({ branch: 'topic', reason: branchLess })], 3);
    const forced = { code: 'forced', message: 'Ada asked.', paths: [], patterns: [] } as const;
    await record([toBuild(newBuild({ commit: head('b'), reason: forced, forced: true }))], 4);
    expect(await covering()).toEqual(skip);
  });

  test('the last decisions are those made last, whatever they are about', async () => {
    await record([toSkip({ service: 'a' })], 1);
    const rows = await record([toSkip({ service: 'b' }), toSkip({ service: 'c', branch: 'refs/tags/v1' })], 1);
    expect(await under.store.decisions.last(2)).toEqual([rows[1], rows[0]]);
  });

  test('a page has the decisions that are asked for, newest first', async () => {
    const page = async (query: { service?: string; branch?: string; commit?: string }) =>
      (await under.store.decisions.page({ ...query, limit: 10, cursor: null })).items;
    const [a, b, c] = await record(
      [toSkip({ head: head('a') }), toSkip({ service: 'other', head: head('a') }), toSkip({ branch: 'topic' })],
      1,
    );
    expect(await page({})).toEqual([c, b, a]);
    expect(await page({ service: 'app' })).toEqual([c, a]);
    expect(await page({ service: 'app', branch: 'topic' })).toEqual([c]);
    expect(await page({ commit: head('a') })).toEqual([b, a]);
    expect(await page({ commit: head('a').slice(0, 7).toUpperCase(), service: 'app' })).toEqual([a]);
    expect(await page({ branch: 'nothing' })).toEqual([]);
  });

  test('pages of decisions follow each other, whatever is decided in between', async () => {
    const rows = await record([toSkip(), toSkip({ branch: 'b' }), toSkip({ branch: 'c' })], 1);
    const first = await under.store.decisions.page({ limit: 2, cursor: null });
    await record([toSkip({ branch: 'd' })], 2);
    const second = await under.store.decisions.page({ limit: 2, cursor: first.nextCursor });
    expect([...first.items, ...second.items]).toEqual([rows[2], rows[1], rows[0]]);
    expect(second.nextCursor).toBeNull();
  });

  test('the branches of a service are those with a decision, each once', async () => {
    await record([toSkip({ branch: 'main' }), toSkip({ branch: 'refs/tags/v1' }), toSkip({ branch: 'main' })], 1);
    await record([toSkip({ service: 'other', branch: 'elsewhere' })], 1);
    expect([...(await under.store.decisions.branches('app'))].sort()).toEqual(['main', 'refs/tags/v1']);
  });
}
