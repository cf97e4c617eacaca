import { storeForEachTest, type OpenStore } from './store-harness.js';
import { build, released, skip } from './store-release-samples.js';
import { head } from './store-samples.js';

export function releaseSearchContract(open: OpenStore): void {
  const under = storeForEachTest(open);

  describe('a release is found', () => {
    const covered = async (start: string) =>
      [...(await under.store.releases.coveringStart('app', start))].map(([commit, { number }]) => [commit[0], number]);

    test('by the beginning of a commit that it covers, on any branch', async () => {
      const { store } = under;
      const made = await build(store);
      await skip(store, released(made, { commit: head('b') }));
      await build(store, { branch: 'release/1', commit: head('b'), digest: 'sha256:2' });
      await build(store, { service: 'other', commit: head('c') });
      expect(await covered('aaaaaaa')).toEqual([['a', 1]]);
      expect(await covered(head('a').toUpperCase())).toEqual([['a', 1]]);
      expect(await covered('bbbbbbb')).toEqual([['b', 2]]);
      expect(await covered('ccccccc')).toEqual([]);
    });

    test('by no beginning that several commits have', async () => {
      await build(under.store, { commit: `${'d'.repeat(39)}1` });
      await build(under.store, { commit: `${'d'.repeat(39)}2`, digest: 'sha256:2' });
      expect((await covered('ddddddd')).length).toBe(2);
    });

    test('by a tag of its image and by revisions of that, newest first', async () => {
      const { store } = under;
      const ends = (tags: readonly string[], digest: string) => build(store, { digest, tags });
      await ends(['1.0-1-aaaaaaa', 'main'], 'sha256:1');
      await ends(['1.0-1-aaaaaaa-r2', 'main'], 'sha256:2');
      await ends(['1.0-1-aaaaaaa-rc', '1_0-1-aaaaaaa'], 'sha256:3');
      const found = async (tag: string) => (await store.releases.tagged('app', tag)).map(({ number }) => number);
      expect(await found('1.0-1-aaaaaaa')).toEqual([2, 1]);
      expect(await found('1.0-1-aaaaaaa-r2')).toEqual([2]);
      expect(await found('1_0-1-aaaaaaa')).toEqual([3]);
      expect(await found('1.0-1')).toEqual([]);
      expect(await found('%')).toEqual([]);
    });

    test('the commits of a digest are those of all its releases, with what they cover', async () => {
      const { store } = under;
      const made = await build(store);
      await skip(store, released(made, { commit: head('b') }));
      await build(store, { branch: 'release/1', commit: head('c') });
      await build(store, { commit: head('d'), digest: 'sha256:2' });
      await build(store, { service: 'other', commit: head('e') });
      expect([...(await store.releases.commitsOf('app', 'sha256:1'))].sort()).toEqual([
        head('a'),
        head('b'),
        head('c'),
      ]);
      expect(await store.releases.commitsOf('app', 'sha256:9')).toEqual([]);
    });
  });
}
