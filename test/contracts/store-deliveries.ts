import { storeForEachTest, type OpenStore } from './store-harness.js';
import { delivery, head, look, push } from './store-samples.js';

export function deliveryContract(open: OpenStore): void {
  const under = storeForEachTest(open);

  test('an accepted delivery reads back as it was given', async () => {
    const given = delivery('d1', { branch: 'refs/tags/v1', before: null, after: null, reason: 'ü "quoted"' });
    expect(await under.store.deliveries.accept(given, null)).toBe('accepted');
    expect(await under.store.deliveries.get('d1')).toEqual(given);
    expect(await under.store.deliveries.get('d2')).toBeNull();
  });

  test('a delivery brings its look', async () => {
    await under.store.deliveries.accept(delivery('d1'), look());
    expect(await under.store.looks.due(100, 10, [])).toEqual([
      { ...look(), id: expect.any(Number), attempt: 0, deaths: 0 },
    ]);
  });

  test('a delivery id seen before is a duplicate and changes nothing', async () => {
    await under.store.deliveries.accept(delivery('d1'), look());
    expect(await under.store.deliveries.accept(delivery('d1', { event: 'other' }), look())).toBe('duplicate');
    expect(await under.store.deliveries.get('d1')).toEqual(delivery('d1'));
    expect(await under.store.looks.due(100, 10, [])).toHaveLength(1);
  });

  test('twins that arrive together are one delivery and one duplicate', async () => {
    const ids = ['d1', 'd2', 'd1', 'd3', 'd2'];
    const answers = await Promise.all(ids.map((id) => under.store.deliveries.accept(delivery(id), look())));
    expect(answers).toEqual(['accepted', 'accepted', 'duplicate', 'accepted', 'duplicate']);
    expect(await under.store.looks.due(100, 10, [])).toHaveLength(3);
  });

  test('when repositories were last heard of', async () => {
    const { deliveries } = under.store;
    await deliveries.accept(delivery('d1', { repository: 'abc/app', receivedAt: 10 }), null);
    await deliveries.accept(delivery('d2', { repository: 'Abc/App', receivedAt: 20 }), null);
    await deliveries.accept(delivery('d3', { repository: 'abc/other', receivedAt: 30 }), null);
    const heard = await deliveries.heard(['abc/app', 'abc/silent']);
    expect([...heard]).toEqual([['abc/app', 20]]);
    expect(await deliveries.heard([])).toEqual(new Map());
  });

  test('settling gives the delivery its status and reason', async () => {
    await under.store.deliveries.accept(delivery('d1'), null);
    await under.store.deliveries.settle('d1', 'ignored', 'repository-not-configured');
    expect(await under.store.deliveries.get('d1')).toMatchObject({
      status: 'ignored',
      reason: 'repository-not-configured',
    });
  });

  test('pages go from newest to oldest and show each delivery once, whatever arrives in the meantime', async () => {
    for (const id of ['d1', 'd2', 'd3', 'd4', 'd5']) await under.store.deliveries.accept(delivery(id), null);
    const first = await under.store.deliveries.page({ limit: 2, cursor: null });
    await under.store.deliveries.accept(delivery('d6'), null);
    const second = await under.store.deliveries.page({ limit: 2, cursor: first.nextCursor });
    const third = await under.store.deliveries.page({ limit: 2, cursor: second.nextCursor });
    const ids = [first, second, third].map((page) => page.items.map(({ id }) => id));
    expect(ids).toEqual([['d5', 'd4'], ['d3', 'd2'], ['d1']]);
    expect(third.nextCursor).toBeNull();
  });

  test.each([
    ['a repository, in any case', { repository: 'ABC/Two' }, ['d4', 'd2']],
    ['a commit', { commit: head('b') }, ['d4']],
    ['the beginning of a commit, in capitals', { commit: 'BBBB' }, ['d4']],
    ['a status', { status: 'ignored' as const }, ['d3', 'd2']],
    ['repository and status', { repository: 'abc/two', status: 'ignored' as const }, ['d2']],
    ['nothing', { commit: 'cccc' }, []],
  ])('pages of %s are newest first and complete', async (_name, query, expected) => {
    const { deliveries } = under.store;
    await deliveries.accept(delivery('d1'), null);
    await deliveries.accept(delivery('d2', { repository: 'abc/two', status: 'ignored' }), null);
    await deliveries.accept(delivery('d3', { repository: null, after: null, status: 'ignored' }), null);
    await deliveries.accept(delivery('d4', { repository: 'Abc/two', after: head('b') }), null);
    const seen: string[] = [];
    for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
      const page = await deliveries.page({ ...query, limit: 1, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(expected);
  });

  test('a list that fits its page exactly has no next page', async () => {
    for (const id of ['d1', 'd2']) await under.store.deliveries.accept(delivery(id), null);
    expect((await under.store.deliveries.page({ limit: 2, cursor: null })).nextCursor).toBeNull();
  });

  test.each(['', 'x', '!!', 'MA', 'LTE', 'MS41', 'MDE', 'OTk5OTk5OTk5OTk5OTk5OQ', 'MQ==', 'MSBvciAxPTE'])(
    'the cursor %j is refused as invalid-request',
    async (cursor) => {
      const refused = expect.objectContaining({ code: 'invalid-request' });
      await expect(under.store.deliveries.page({ limit: 2, cursor })).rejects.toEqual(refused);
      await expect(under.store.builds.page({ limit: 2, cursor })).rejects.toEqual(refused);
    },
  );

  test('a look that is added reads back as it was given', async () => {
    const given = look({
      ref: null,
      services: null,
      before: null,
      after: null,
      attempt: 3,
      trigger: { ...push, by: null },
    });
    const added = await under.store.looks.add(given);
    expect(added).toEqual({ ...given, id: expect.any(Number), deaths: 0 });
    expect(await under.store.looks.due(100, 10, [])).toEqual([added]);
  });

  test('looks are due from their time on, oldest first, without repositories that are left out', async () => {
    const late = await under.store.looks.add(look({ dueAt: 300 }));
    const second = await under.store.looks.add(look({ dueAt: 200, after: head('b') }));
    const first = await under.store.looks.add(look({ dueAt: 100, repository: 'abc/other' }));
    const due = async (now: number, limit: number, except: string[] = []) =>
      (await under.store.looks.due(now, limit, except)).map(({ id }) => id);
    expect(await due(99, 10)).toEqual([]);
    expect(await due(200, 10)).toEqual([first.id, second.id]);
    expect(await due(300, 2)).toEqual([first.id, second.id]);
    expect(await due(300, 10, ['abc/other'])).toEqual([second.id, late.id]);
  });

  test('the next due time is the earliest one that is not left out', async () => {
    expect(await under.store.looks.nextDueAt([])).toBeNull();
    const first = await under.store.looks.add(look({ dueAt: 100 }));
    const second = await under.store.looks.add(look({ dueAt: 200 }));
    expect(await under.store.looks.nextDueAt([])).toBe(100);
    expect(await under.store.looks.nextDueAt([first.id])).toBe(200);
    expect(await under.store.looks.nextDueAt([first.id, second.id])).toBeNull();
  });

  test('a postponed look counts an attempt and waits', async () => {
    const { id } = await under.store.looks.add(look());
    await under.store.looks.postpone(id, 900);
    expect(await under.store.looks.due(899, 10, [])).toEqual([]);
    expect(await under.store.looks.due(900, 10, [])).toMatchObject([{ id, attempt: 1, dueAt: 900 }]);
  });

  test('a look that is done is gone, and its id is not given out again', async () => {
    const { id } = await under.store.looks.add(look());
    await under.store.looks.done(id);
    expect(await under.store.looks.nextDueAt([])).toBeNull();
    expect((await under.store.looks.add(look())).id).toBeGreaterThan(id);
  });

  test('a delivery keeps its warnings until others take their place', async () => {
    const { deliveries } = under.store;
    await deliveries.accept(delivery('a'), null);
    const warning = { service: 'app', message: 'Größe: "x"' };
    await deliveries.warn('a', [warning]);
    expect(await deliveries.get('a')).toEqual({ ...delivery('a'), warnings: [warning] });
    await deliveries.settle('a', 'planned', null);
    await deliveries.warn('a', []);
    expect(await deliveries.get('a')).toEqual(delivery('a', { status: 'planned' }));
  });
}
