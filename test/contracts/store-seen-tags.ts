import { storeForEachTest, type OpenStore } from './store-harness.js';
import { head } from './store-samples.js';

export function seenTagsContract(open: OpenStore): void {
  const under = storeForEachTest(open);

  test('a repository that was never swept differs from one without tags', async () => {
    await under.store.seenTags.remember('abc/empty', new Map());
    expect(await under.store.seenTags.of('abc/empty')).toEqual(new Map());
    expect(await under.store.seenTags.of('abc/never')).toBeNull();
  });

  test('what is remembered takes the place of what was, and outlives the process', async () => {
    const hostile = new Map([
      ['v1', head('a')],
      ['__proto__', head('b')],
      ['"ü', head('c')],
    ]);
    await under.store.seenTags.remember('abc/app', new Map([['old', head('a')]]));
    await under.store.seenTags.remember('abc/app', hostile);
    expect(await under.store.seenTags.of('abc/app')).toEqual(hostile);
    expect(await (await under.reopen()).seenTags.of('abc/app')).toEqual(hostile);
  });
}
