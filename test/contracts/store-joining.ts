import type { Delivery } from '../../src/model/delivery.js';
import type { NewLook } from '../../src/model/look.js';
import { storeForEachTest, type OpenStore } from './store-harness.js';
import { delivery, head, look, newBuild, push, toBuild } from './store-samples.js';

/** What a push asks for that a delivery reported. */
const pushed = (id: string, over: Partial<NewLook> = {}): NewLook =>
  look({ trigger: { ...push, deliveryId: id }, services: null, ...over });

export function joiningContract(open: OpenStore): void {
  const under = storeForEachTest(open);
  const accept = (id: string, over: Partial<NewLook> = {}, delivered: Partial<Delivery> = {}) =>
    under.store.deliveries.accept(delivery(id, delivered), pushed(id, over));
  const looks = () => under.store.looks.due(1_000, 100, []);
  const afters = async () => (await looks()).map(({ after }) => after);

  test.each<[string, (calls: (() => Promise<unknown>)[]) => Promise<unknown>]>([
    ['together', (calls) => Promise.all(calls.map((call) => call()))],
    [
      'one after the other',
      async (calls) => {
        for (const call of calls) await call();
      },
    ],
  ])('fifty deliveries of one push that come %s are one look', async (_how, run) => {
    const ids = Array.from({ length: 50 }, (_, at) => `d${at}`);
    await run(ids.map((id) => () => accept(id)));
    expect(await looks()).toMatchObject([{ ...pushed('d0'), trigger: { deliveryId: 'd0' } }]);
    const kept = await Promise.all(ids.map((id) => under.store.deliveries.get(id)));
    expect(kept).toEqual(ids.map((id, at) => (at === 0 ? delivery(id) : { ...delivery(id), joined: 'd0' })));
  });

  test.each<[string, (calls: (() => Promise<unknown>)[]) => Promise<unknown>]>([
    ['together', (calls) => Promise.all(calls.map((call) => call()))],
    [
      'one after the other',
      async (calls) => {
        for (const call of calls) await call();
      },
    ],
  ])('pushes of A, B and A that come %s are three looks', async (_how, run) => {
    const [a, b] = [
      { before: head('b'), after: head('a') },
      { before: head('a'), after: head('b') },
    ];
    await run([() => accept('1', a), () => accept('2', b), () => accept('3', a)]);
    expect(await afters()).toEqual([head('a'), head('b'), head('a')]);
  });

  test.each<[string, Partial<NewLook>]>([
    ['another repository', { repository: 'abc/other' }],
    ['another ref', { ref: 'refs/heads/other' }],
    ['another commit', { after: head('c') }],
  ])('a push to %s gets its own look', async (_name, over) => {
    await accept('1');
    await accept('2', over);
    expect(await looks()).toHaveLength(2);
    expect(await under.store.deliveries.get('2')).toEqual(delivery('2'));
  });

  test.each<[string, NewLook]>([
    ['that nobody delivered', look({ trigger: { ...push, deliveryId: null }, services: null })],
    ['at some services only', look({ trigger: { ...push, deliveryId: '1' } })],
    ['whose delivery is not kept', pushed('gone')],
  ])('a look %s is not joined', async (_name, pending) => {
    await under.store.deliveries.accept(delivery('1'), null);
    await under.store.looks.add(pending);
    await accept('2');
    expect(await looks()).toHaveLength(2);
  });

  test('a duplicate joins nothing and is joined by nothing', async () => {
    await accept('1');
    await Promise.all([accept('1'), accept('2'), accept('1')]);
    expect(await looks()).toHaveLength(1);
    expect(await under.store.deliveries.get('1')).toEqual(delivery('1'));
    expect(await under.store.deliveries.get('2')).toMatchObject({ joined: '1' });
  });

  test('where it differs where pushes came from, any folder may have changed', async () => {
    await accept('1');
    await accept('2');
    expect(await looks()).toMatchObject([{ before: head('0') }]);
    await accept('3', { before: head('c') });
    expect(await looks()).toMatchObject([{ before: null }]);
    await Promise.all([
      accept('4', { ref: 'refs/heads/x' }),
      accept('5', { ref: 'refs/heads/x', before: head('c') }),
      accept('6', { ref: 'refs/heads/x', before: head('0') }),
    ]);
    expect(await looks()).toMatchObject([{ before: null }, { before: null }]);
  });

  test('a look in hand is joined only if it covers what the push is about', async () => {
    await accept('1');
    const [first] = await looks();
    await under.store.inHand.takeLooks([first?.id ?? 0], 'w');
    await accept('2');
    expect(await looks()).toHaveLength(1);
    await accept('3', { before: head('c') });
    expect(await looks()).toMatchObject([{ before: head('0') }, { before: head('c') }]);
    await accept('4', { before: null, ref: 'refs/heads/new' });
    await under.store.inHand.takeLooks(
      (await looks()).map(({ id }) => id),
      'w',
    );
    await accept('5', { before: head('c'), ref: 'refs/heads/new' });
    expect(await looks()).toHaveLength(3);
  });

  test('those who share a look share decisions, status, reason and warnings, however it ends', async () => {
    const { store } = under;
    await accept('1');
    await accept('2');
    const [shared] = await looks();
    const build = newBuild({ trigger: { ...push, deliveryId: '1' } });
    const recorded = await store.decisions.record(
      { look: shared ?? null, deliveryId: '1', decisions: [toBuild(build)] },
      1000,
    );
    expect([...recorded.settled].sort()).toEqual(['1', '2']);
    const warning = { service: 'app', message: 'Look.' };
    await store.deliveries.warn('1', [warning]);
    const decisions = await store.decisions.ofDelivery('1');
    expect(decisions).toMatchObject([{ buildId: build.id }]);
    expect(await store.decisions.ofDelivery('2')).toEqual(decisions);
    for (const id of ['1', '2'])
      expect(await store.deliveries.get(id)).toMatchObject({ status: 'planned', warnings: [warning] });
    expect([...(await store.deliveries.settle('1', 'failed', 'no more'))].sort()).toEqual(['1', '2']);
    expect(await store.deliveries.get('2')).toMatchObject({ status: 'failed', reason: 'no more' });
    const { items } = await store.deliveries.page({ limit: 10, cursor: null });
    expect(items.map(({ status }) => status)).toEqual(['failed', 'failed']);
  });

  test('one that joins late has what the other has already', async () => {
    const { store } = under;
    await accept('1');
    await store.deliveries.settle('1', 'failed', 'why');
    await store.deliveries.warn('1', [{ service: 'app', message: 'Look.' }]);
    await accept('2');
    const { id: _, ...first } = (await store.deliveries.get('1')) ?? { id: '' };
    expect(await store.deliveries.get('2')).toEqual({ ...first, id: '2', joined: '1' });
  });

  test('one that joins when nothing is pending any more gets its own look', async () => {
    await accept('1');
    await under.store.looks.done((await looks())[0]?.id ?? 0);
    await accept('2');
    expect(await looks()).toMatchObject([{ trigger: { deliveryId: '2' } }]);
  });

  test('a look that is set aside fails all who share it', async () => {
    const { store } = under;
    await accept('1');
    await accept('2');
    const [shared] = await looks();
    if (!shared) throw new Error('no look');
    const end = { reason: 'crashed-repeatedly: …', now: 1, looks: [] };
    expect([...(await store.setAsides.look(shared, end))].sort()).toEqual(['1', '2']);
    expect(await store.deliveries.get('2')).toMatchObject({ status: 'failed' });
  });
}
