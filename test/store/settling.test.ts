import { createSettling } from '../../src/store/settling.js';

/** A sync that ends when the test says so. */
function heldSync() {
  const waiting: { resolve(): void; reject(reason: Error): void }[] = [];
  const sync = () => new Promise<void>((resolve, reject) => waiting.push({ resolve, reject }));
  const begun = async (count: number) => {
    while (waiting.length < count) await new Promise((resolve) => setImmediate(resolve));
    return waiting.length;
  };
  return { waiting, begun, settled: createSettling(sync) };
}

test('calls that come together share one sync', async () => {
  const { waiting, begun, settled } = heldSync();
  const calls = [settled(), settled(), settled()];
  await begun(1);
  waiting[0]?.resolve();
  await Promise.all(calls);
  expect(waiting).toHaveLength(1);
});

test('a call that comes during a sync is answered by the next one, for that one began too early', async () => {
  const { waiting, begun, settled } = heldSync();
  const first = settled();
  await begun(1);
  let isSettled = false;
  const second = settled().then(() => (isSettled = true));
  waiting[0]?.resolve();
  await first;
  expect([await begun(2), isSettled]).toEqual([2, false]);
  waiting[1]?.resolve();
  await second;
});

test('after a sync that failed every later call fails: nobody knows what the disk holds', async () => {
  const { waiting, begun, settled } = heldSync();
  const first = settled();
  await begun(1);
  const second = settled();
  waiting[0]?.reject(new Error('no disk'));
  await expect(first).rejects.toThrow('no disk');
  await expect(second).rejects.toThrow('no disk');
  await expect(settled()).rejects.toThrow('no disk');
  expect(waiting).toHaveLength(1);
});
