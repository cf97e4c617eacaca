import { branchTagFor } from '../../../../src/pipeline/publish/branch-tag.js';
import { hashedTag, sanitiseTag } from '../../../../src/tag-name.js';
import { row, surroundings, type Surroundings } from './surroundings.js';

const repository = 'abc/app';

describe('the tag of a branch', () => {
  let around: Surroundings;
  beforeEach(async () => {
    around = await surroundings([]);
  });
  afterEach(() => around.close());

  const tagOf = (branch: string) =>
    branchTagFor({ tags: around.store.tags, repository, branch, wanted: sanitiseTag(branch) });

  test('is its sanitised name', async () => {
    await expect(tagOf('release/1.0.1')).resolves.toBe('release-1.0.1');
  });

  test('has a hash where another branch came first to the name', async () => {
    await expect(tagOf('feature/x')).resolves.toBe('feature-x');
    await expect(tagOf('feature-x')).resolves.toBe(hashedTag('feature-x', 'feature-x'));
    await expect(tagOf('feature+x')).resolves.toBe(hashedTag('feature-x', 'feature+x'));
  });

  test.each(['version', 'git-tag'] as const)('has a hash where the name is that of a %s', async (kind) => {
    await around.store.tags.put(row('1.2.3', kind, 'whoever'));
    await expect(tagOf('1.2.3')).resolves.toBe(hashedTag('1.2.3', '1.2.3'));
  });

  test('has a longer hash where the name with the short one is somebody else’s too', async () => {
    await around.store.tags.put(row('1.2.3', 'version', 'c1'));
    await around.store.tags.put(row(hashedTag('1.2.3', '1.2.3'), 'git-tag', 'odd'));
    await expect(tagOf('1.2.3')).resolves.toBe(hashedTag('1.2.3', '1.2.3', 16));
  });

  test('stays what it was, whichever other branch lets go of a name', async () => {
    await tagOf('feature/x');
    const given = await tagOf('feature-x');
    await around.store.tags.release(repository, 'feature-x');
    await expect(tagOf('feature-x')).resolves.toBe(given);
  });

  test('is another repository’s business in another repository', async () => {
    await tagOf('feature/x');
    const elsewhere = { tags: around.store.tags, repository: 'abc/other', branch: 'feature-x', wanted: 'feature-x' };
    await expect(branchTagFor(elsewhere)).resolves.toBe('feature-x');
  });
});
