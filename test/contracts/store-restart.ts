import { storeForEachTest, type OpenStore } from './store-harness.js';
import { artifact, delivery, head, look, newBuild, queue, succeed, tag } from './store-samples.js';

export function restartContract(open: OpenStore): void {
  const under = storeForEachTest(open);

  test('keeps everything', async () => {
    const { store } = under;
    await store.deliveries.accept(delivery('d1'), look());
    await succeed(store, newBuild(), 2000, true, 'fingerprint-1');
    const running = newBuild({ commit: head('b') });
    await queue(store, running);
    await store.queue.claim('w', 3000, 4000);
    await store.queue.steps(running.id, [{ name: 'fetch', startedAt: 3001 }]);
    await store.logs.append(running.id, 'line\n');
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
    const build = newBuild();
    await queue(under.store, build);
    await under.store.queue.claim('before', 2000, 60_000);
    const again = await under.reopen();
    expect(await again.housekeeping.recover(2001, 'after')).toEqual([build.id]);
    expect(await again.queue.claim('after', 2002, 60_000)).toMatchObject({ id: build.id, startedAt: 2002 });
  });

  test('finds a closed store unavailable, and closing twice harmless', async () => {
    const { store } = under;
    await store.housekeeping.close();
    await store.housekeeping.close();
    const unavailable = expect.objectContaining({ code: 'store-unavailable' });
    await expect(store.deliveries.accept(delivery('d1'), null)).rejects.toEqual(unavailable);
    await expect(store.builds.get('x')).rejects.toEqual(unavailable);
    await expect(store.queue.claim('w', 1, 2)).rejects.toEqual(unavailable);
  });
}
