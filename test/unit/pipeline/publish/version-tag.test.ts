import { chooseVersionTag } from '../../../../src/pipeline/publish/version-tag.js';
import { hashedTag } from '../../../../src/tag-name.js';
import { digestOf, row, surroundings, type Surroundings } from './surroundings.js';

const repository = 'abc/app';
const wanted = '1.0.1-22-7e56158';

describe('the version tag of an image', () => {
  let around: Surroundings;
  beforeEach(async () => {
    around = await surroundings([]);
  });
  afterEach(() => around.close());

  const choose = (content: string, isFree = false) =>
    chooseVersionTag({
      registry: around.registry,
      tags: around.store.tags,
      repository,
      wanted,
      commit: 'c1',
      tagLookup: { foundFree: async () => isFree },
      isSameContent: ({ digest }) => digest === digestOf(content),
    });

  test('is the wanted one where the registry has none of that name', async () => {
    await expect(choose('new')).resolves.toEqual({ tag: wanted, existing: null });
  });

  test('is not asked for again where it was free a moment ago', async () => {
    const asked = around.registry.transcript.length;
    await expect(choose('new', true)).resolves.toEqual({ tag: wanted, existing: null });
    expect(around.registry.transcript).toHaveLength(asked);
  });

  test('is kept where the registry has the same content under it', async () => {
    const existing = around.registry.upload(repository, wanted, 'new');
    await expect(choose('new')).resolves.toEqual({ tag: wanted, existing });
  });

  test('gets the first free revision where it was written with other content', async () => {
    around.registry.upload(repository, wanted, 'first');
    await expect(choose('new')).resolves.toEqual({ tag: `${wanted}-r2`, existing: null });
    around.registry.upload(repository, `${wanted}-r2`, 'second');
    await expect(choose('new')).resolves.toEqual({ tag: `${wanted}-r3`, existing: null });
  });

  test('is not one that was written and whose writing was not recorded, though a branch has the same image', async () => {
    const held = around.registry.upload(repository, wanted, 'first');
    await around.store.tags.put(row(wanted, 'version', 'c1'));
    for (const branch of ['main', 'release/1']) {
      await around.store.tags.put({ ...row(branch, 'branch', branch), digest: held.digest });
    }
    await expect(choose('new')).resolves.toEqual({ tag: `${wanted}-r2`, existing: null });
  });

  test('is the revision that has the same content', async () => {
    around.registry.upload(repository, wanted, 'first');
    const existing = around.registry.upload(repository, `${wanted}-r2`, 'new');
    around.registry.upload(repository, `${wanted}-r3`, 'third');
    await expect(choose('new')).resolves.toEqual({ tag: `${wanted}-r2`, existing });
  });

  test('is not one that a git tag owns, even with the same content', async () => {
    around.registry.upload(repository, wanted, 'new');
    await around.store.tags.put(row(wanted, 'git-tag', wanted, 'new'));
    await expect(choose('new')).resolves.toEqual({ tag: `${wanted}-r2`, existing: null });
  });

  test('is taken from a branch of that name, whose image keeps a tag', async () => {
    around.registry.upload(repository, wanted, 'branch');
    await around.store.tags.put(row(wanted, 'branch', wanted, 'branch'));
    await expect(choose('new')).resolves.toEqual({ tag: wanted, existing: null });
    const aside = hashedTag(wanted, wanted);
    expect(around.registry.state(repository)[aside]).toBe(digestOf('branch'));
    await expect(around.store.tags.ownedBy(repository, 'branch', wanted)).resolves.toMatchObject({ tag: aside });
    await expect(choose('new')).resolves.toEqual({ tag: wanted, existing: null });
  });

  test('is not written over what another program pushed', async () => {
    around.registry.upload(repository, wanted, 'foreign');
    await expect(choose('new')).resolves.toEqual({ tag: `${wanted}-r2`, existing: null });
  });

  describe('where every name holds another image', () => {
    const everywhere = (tags: (asked: readonly string[]) => readonly string[]) => {
      const held = around.registry.upload('abc/other', 'x', 'other');
      const asked: string[] = [];
      const registry = {
        ...around.registry,
        manifest: async (_: string, tag: string) => {
          asked.push(tag);
          return held;
        },
        tags: async () => tags(asked),
      };
      const chosen = chooseVersionTag({
        registry,
        tags: around.store.tags,
        repository,
        wanted,
        commit: 'c1',
        tagLookup: { foundFree: async () => false },
        isSameContent: () => false,
      });
      return { chosen, asked };
    };

    test.each([
      ['none', () => []],
      ['other', () => ['main', 'latest']],
      ['some of the', (asked: readonly string[]) => asked.slice(0, 2)],
    ])('the registry is at fault if it lists %s tags, after a few requests', async (_what, tags) => {
      const { chosen, asked } = everywhere(tags);
      await expect(chosen).rejects.toMatchObject({ code: 'registry-error', blame: 'registry' });
      expect(asked.length).toBeLessThanOrEqual(10);
    });

    test('and lists them all, the registry is at fault in the end', async () => {
      const { chosen, asked } = everywhere(() =>
        Array.from({ length: 1001 }, (_, at) => (at === 0 ? wanted : `${wanted}-r${at + 1}`)),
      );
      await expect(chosen).rejects.toMatchObject({ code: 'registry-error', blame: 'registry' });
      expect(asked).toHaveLength(1000);
    });
  });

  test('gets the next revision where many were written', async () => {
    around.registry.upload(repository, wanted, 'first');
    for (let revision = 2; revision <= 13; revision += 1)
      around.registry.upload(repository, `${wanted}-r${revision}`, `content ${revision}`);
    await expect(choose('new')).resolves.toEqual({ tag: `${wanted}-r14`, existing: null });
  });
});
