import { reuse, type ReuseRequest } from '../../../../src/pipeline/publish/reuse.js';
import type { Registry } from '../../../../src/registry/contract.js';
import { digestOf, surroundings, watched, type Surroundings } from './surroundings.js';

const repository = 'abc/app';
const versionTag = '1.0.1-23-0123456';

const request = async (registry: Registry, where = repository): Promise<ReuseRequest> => ({
  repository: where,
  manifest: (await registry.manifest(where, digestOf('same'))) ?? none(),
  versionTag,
  tagLookup: { foundFree: async () => false },
  commit: 'c2',
  branch: { name: 'release/2', wanted: 'release-2' },
  gitTag: null,
  signal: new AbortController().signal,
});

function none(): never {
  throw new Error('The image is not there.');
}

describe('reusing an image', () => {
  let around: Surroundings;
  beforeEach(async () => {
    around = await surroundings([]);
  });
  afterEach(() => around.close());

  const run = async () => {
    const { registry, store } = around;
    return reuse({ registry, tags: store.tags }, await request(registry));
  };

  test('gives it the tags of the commit that it covers now', async () => {
    around.registry.upload(repository, '1.0.1-22-7e56158', 'same');
    await expect(run()).resolves.toEqual({
      image: { repository, digest: digestOf('same'), tags: [versionTag, 'release-2'] },
      done: [`Tagged abc/app:${versionTag} (${digestOf('same')}).`, 'Tagged abc/app:release-2 for branch release/2.'],
    });
    expect(new Set(Object.values(around.registry.state(repository)))).toEqual(new Set([digestOf('same')]));
  });

  test('never changes what a version tag holds', async () => {
    around.registry.upload(repository, 'old', 'same');
    around.registry.upload(repository, versionTag, 'other');
    await expect(run()).resolves.toMatchObject({ image: { tags: [`${versionTag}-r2`, 'release-2'] } });
    expect(around.registry.state(repository)[versionTag]).toBe(digestOf('other'));
  });

  test('writes no tag once the signal aborts, though the last name was being asked for', async () => {
    around.registry.upload(repository, 'old', 'same');
    const stop = new AbortController();
    const registry: Registry = {
      ...around.registry,
      async manifest(where, tag) {
        if (tag === 'v2') stop.abort(new Error('canceled'));
        return around.registry.manifest(where, tag);
      },
    };
    const tags = { branch: { name: 'main', wanted: 'main' }, gitTag: { name: 'v2', wanted: 'v2' } };
    const asked = { ...(await request(around.registry)), ...tags, signal: stop.signal };
    await expect(reuse({ registry, tags: around.store.tags }, asked)).rejects.toThrow('canceled');
    expect(around.registry.state(repository)).toEqual({ old: digestOf('same') });
  });

  test('finds its own tags again', async () => {
    around.registry.upload(repository, 'old', 'same');
    await run();
    await expect(run()).resolves.toMatchObject({
      image: { tags: [versionTag, 'release-2'] },
      done: [`Found abc/app:${versionTag} (${digestOf('same')}).`, 'Tagged abc/app:release-2 for branch release/2.'],
    });
  });

  test('that is cut off anywhere ends the same when it is repeated', async () => {
    const { registry } = around;
    const { tags } = around.store;
    let steps = Infinity;
    for (let crash = 1; crash <= steps; crash += 1) {
      const where = `abc/app-${crash}`;
      registry.upload(where, 'old', 'same');
      let at = 0;
      const step = (): void => {
        at += 1;
        if (at === crash) throw new Error('cut off');
      };
      const order = await request(registry, where);
      const cut = { registry: watched(registry, step), tags: watched(tags, step) };
      const first = await reuse(cut, order).catch(() => null);
      if (first !== null) steps = crash;
      const again = await reuse({ registry, tags }, order);
      expect(again.image.tags).toEqual([versionTag, 'release-2']);
      expect(Object.keys(registry.state(where)).sort()).toEqual([versionTag, 'old', 'release-2'].sort());
    }
    expect(steps).toBeGreaterThan(15);
  });
});

test('a reuse that was canceled in the meantime writes nothing', async () => {
  const { registry, store, close } = await surroundings([]);
  registry.upload(repository, 'main', 'same');
  const before = registry.state(repository);
  const places = { registry, tags: store.tags };
  await expect(reuse(places, { ...(await request(registry)), signal: AbortSignal.abort() })).rejects.toThrow();
  expect(registry.state(repository)).toEqual(before);
  await close();
});
