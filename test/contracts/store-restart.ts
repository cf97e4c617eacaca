import { storeForEachTest, type OpenStore } from './store-harness.js';
import { artifact, begin, claim, delivery, head, look, newBuild, succeed, tag } from './store-samples.js';

export function restartContract(open: OpenStore): void {
  const under = storeForEachTest(open);

  test('keeps everything', async () => {
    const { store } = under;
    await store.deliveries.accept(delivery('d1'), look());
    await succeed(store, newBuild(), 2000, true, 'fingerprint-1');
    const running = await begin(store, newBuild({ commit: head('b') }));
    await store.queue.steps(running, [{ name: 'fetch', startedAt: 3001 }]);
    await store.logs.append(running, 'line\n');
    await store.artifacts.add(artifact('a1'));
    await store.tags.put(tag('1.0'));
    await store.housekeeping.once('key', 'request', 'build-1');
    const everything = async (of: typeof store) => [
      await of.deliveries.page({ limit: 10, cursor: null }),
      await of.looks.due(100, 10, []),
      await of.decisions.newest('app', 'main'),
      await of.decisions.ofDelivery('delivery-1'),
      await of.builds.page({ limit: 10, cursor: null }),
      await of.builds.baseline('app', 'main'),
      await of.logs.read(running.id, 0),
      await of.artifacts.ofCommit('app', head('a')),
      await of.images.withFingerprint('app', 'fingerprint-1'),
      await of.tags.get('app', '1.0'),
      await of.housekeeping.once('key', 'request', 'build-2'),
    ];
    const before = await everything(store);
    const again = await under.reopen();
    expect(await everything(again)).toEqual(before);
    expect(before).not.toContain(null);
  });

  test('lets the builds of the process before run again', async () => {
    const { id } = await begin(under.store, newBuild(), 'before');
    const again = await under.reopen();
    expect(await again.housekeeping.recover('after')).toEqual([id]);
    expect(await claim(again, 'after')).toMatchObject({ id, claim: 2, deaths: 1 });
  });

  test('finds a closed store unavailable, and closing twice harmless', async () => {
    const { store } = under;
    await store.housekeeping.close();
    await store.housekeeping.close();
    const unavailable = expect.objectContaining({ code: 'store-unavailable' });
    await expect(store.deliveries.accept(delivery('d1'), null)).rejects.toEqual(unavailable);
    await expect(store.builds.get('x')).rejects.toEqual(unavailable);
    await expect(store.queue.claim('w')).rejects.toEqual(unavailable);
  });
}
