import { fenced } from '../../../../src/pipeline/publish/fenced.js';
import { publish } from '../../../../src/pipeline/publish/publish.js';
import { reuse } from '../../../../src/pipeline/publish/reuse.js';
import { digestOf, idOf, surroundings, type Surroundings } from './surroundings.js';

const repository = 'abc/app';
const versionTag = '1.0.1-22-7e56158';
const request = {
  repository,
  versionTag,
  tagLookup: { foundFree: async () => false },
  commit: 'c1',
  branch: { name: 'main', wanted: 'main' },
  gitTag: { name: 'v1.2.3', wanted: '1.2.3' },
  onLine: () => {},
  signal: new AbortController().signal,
};

let around: Surroundings;
beforeEach(async () => {
  around = await surroundings(['new']);
});
afterEach(() => around.close());

/** Places where only that number of tags may be written. */
function places(permits: number) {
  let left = permits;
  const all = { registry: around.registry, tags: around.store.tags, images: around.images };
  return fenced(all, async () => {
    if ((left -= 1) < 0) throw new Error('lost');
  });
}

const written = () => Object.keys(around.registry.state(repository));

test('a pushed image gets no tag without a permit, and each tag needs one', async () => {
  const image = { ...request, imageId: idOf('new') };
  await expect(publish(places(0), image)).rejects.toThrow('lost');
  expect([written(), around.images.pushes]).toEqual([[], []]);
  await expect(publish(places(1), image)).rejects.toThrow('lost');
  expect(written()).toEqual([versionTag]);
  await publish(places(2), image);
  expect(written().sort()).toEqual(['1.0.1-22-7e56158', '1.2.3', 'main']);
});

test('nor does an image that is reused', async () => {
  around.registry.upload(repository, 'old', 'new');
  const manifest = await around.registry.manifest(repository, digestOf('new'));
  if (manifest === null) throw new Error('it is not there');
  await expect(reuse(places(0), { ...request, manifest })).rejects.toThrow('lost');
  expect(written()).toEqual(['old']);
  await reuse(places(3), { ...request, manifest });
  expect(written().sort()).toEqual(['1.0.1-22-7e56158', '1.2.3', 'main', 'old']);
});
