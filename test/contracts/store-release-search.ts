import type { Build } from '../../src/model/build.js';
import type { Store } from '../../src/store/contract.js';
import { storeForEachTest, type OpenStore } from './store-harness.js';
import { begin, head, image, newBuild, noRunFile, plan, success, toSkip } from './store-samples.js';

interface Ended {
  readonly commit?: string;
  readonly branch?: string;
  readonly service?: string;
  readonly digest?: string;
  readonly tags?: string[];
}

let ends = 0;

/** Runs a build to its successful end. */
async function build(store: Store, given: Ended = {}): Promise<Build> {
  const { commit = head('a'), branch = 'main', service = 'app', digest = 'sha256:1', tags } = given;
  const claimed = await begin(store, newBuild({ commit, branch, service, forced: true }));
  await store.queue.progress(claimed, { wasHead: true });
  await store.queue.finish(claimed, success(image(digest, tags), null), 1000 + (ends += 10), []);
  return claimed;
}

/** Records a skip of a head that the image of a build covers. */
function skip(store: Store, by: Build, commit: string) {
  const { service, branch, id: buildId } = by;
  const release = { service, branch, commit, image: image('sha256:1'), runFile: noRunFile, buildId, ofHead: true };
  return store.decisions.record(plan([{ ...toSkip({ service, branch, head: commit }, buildId), release }]), 7000);
}

export function releaseSearchContract(open: OpenStore): void {
  const under = storeForEachTest(open);

  describe('a release is found', () => {
    const covered = async (start: string) =>
      [...(await under.store.releases.coveringStart('app', start))].map(([commit, { number }]) => [commit[0], number]);

    test('by the beginning of a commit that it covers, on any branch', async () => {
      const { store } = under;
      const made = await build(store);
      await skip(store, made, head('b'));
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
      const ends = (tags: string[], digest: string) => build(store, { digest, tags });
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
  });
}
