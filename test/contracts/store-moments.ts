import { storeForEachTest, type OpenStore } from './store-harness.js';

export function momentsContract(open: OpenStore): void {
  const under = storeForEachTest(open);

  test('what happened last is known by its name, and outlives the process', async () => {
    expect(await under.store.moments.all()).toEqual(new Map());
    await under.store.moments.note('sweep', 1_700_000_000_000);
    await under.store.moments.note('other', 5);
    await under.store.moments.note('sweep', 1_700_000_300_000);
    const all = new Map([
      ['sweep', 1_700_000_300_000],
      ['other', 5],
    ]);
    expect(await under.store.moments.all()).toEqual(all);
    expect(await (await under.reopen()).moments.all()).toEqual(all);
  });
}
