import { claimGitTag } from '../../../../src/pipeline/publish/git-tag.js';
import { hashedTag } from '../../../../src/tag-name.js';
import { tinyImage } from '../../../support/tiny-image.js';
import { digestOf, row, surroundings, type Surroundings } from './surroundings.js';

const repository = 'abc/app';

describe('the image tag of a git tag', () => {
  let around: Surroundings;
  beforeEach(async () => {
    around = await surroundings([]);
  });
  afterEach(() => around.close());

  const claim = (name: string, content = 'new') =>
    claimGitTag({
      registry: around.registry,
      tags: around.store.tags,
      repository,
      gitTag: { name, wanted: '1.2.3' },
      manifest: tinyImage(content).manifest,
    });

  test('is granted where nobody has it', async () => {
    await expect(claim('v1.2.3')).resolves.toBe('1.2.3');
  });

  test('is granted again with the same image', async () => {
    around.registry.upload(repository, '1.2.3', 'new');
    await around.store.tags.put(row('1.2.3', 'git-tag', 'v1.2.3', 'new'));
    await expect(claim('v1.2.3')).resolves.toBe('1.2.3');
  });

  test('is written once: with another image it stays as it is', async () => {
    around.registry.upload(repository, '1.2.3', 'first');
    await around.store.tags.put(row('1.2.3', 'git-tag', 'v1.2.3', 'first'));
    await expect(claim('v1.2.3')).resolves.toBeNull();
  });

  test.each([
    ['another git tag', row('1.2.3', 'git-tag', '1.2.3', 'new')],
    ['a version', row('1.2.3', 'version', 'c1', 'new')],
  ])('is not granted where it belongs to %s', async (_who, owned) => {
    around.registry.upload(repository, '1.2.3', 'new');
    await around.store.tags.put(owned);
    await expect(claim('v1.2.3')).resolves.toBeNull();
  });

  test('is not granted over what another program pushed', async () => {
    around.registry.upload(repository, '1.2.3', 'foreign');
    await expect(claim('v1.2.3')).resolves.toBeNull();
  });

  test('is taken from a branch, which gets its hashed name and its image under it', async () => {
    around.registry.upload(repository, '1.2.3', 'branch');
    await around.store.tags.put(row('1.2.3', 'branch', '1.2.3', 'branch'));
    await expect(claim('v1.2.3')).resolves.toBe('1.2.3');
    const aside = hashedTag('1.2.3', '1.2.3');
    expect(around.registry.state(repository)).toMatchObject({ [aside]: digestOf('branch') });
    await expect(around.store.tags.ownedBy(repository, 'branch', '1.2.3')).resolves.toMatchObject({ tag: aside });
    await expect(around.store.tags.get(repository, '1.2.3')).resolves.toMatchObject({ kind: 'git-tag' });
  });

  test('is granted again after a crash between taking it from a branch and writing it', async () => {
    around.registry.upload(repository, '1.2.3', 'branch');
    await around.store.tags.put(row('1.2.3', 'branch', '1.2.3', 'branch'));
    await claim('v1.2.3');
    await expect(claim('v1.2.3')).resolves.toBe('1.2.3');
  });

  test('is taken from a branch that has no image yet', async () => {
    await around.store.tags.put(row('1.2.3', 'branch', '1.2.3'));
    await expect(claim('v1.2.3')).resolves.toBe('1.2.3');
    await expect(around.store.tags.ownedBy(repository, 'branch', '1.2.3')).resolves.toMatchObject({
      tag: hashedTag('1.2.3', '1.2.3'),
      digest: null,
    });
  });
});
