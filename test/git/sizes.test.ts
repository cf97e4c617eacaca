import { useGitHost } from './surroundings.js';

const on = useGitHost();

test('sizes of contents come in the order asked for, also of those that were not fetched yet, and of one asked for twice', async () => {
  const commit = await on.repo.commit({ files: { a: 'four', b: '', c: Buffer.alloc(70_000) } });
  const { tree, remote } = on.create().mirror(on.repo.name);
  await remote.fetch([commit]);
  const [a, b, c] = [...(await tree.list(commit, ''))].map(({ blob }) => blob);
  expect(await tree.sizes([c ?? '', a ?? '', b ?? '', a ?? ''])).toEqual([70_000, 4, 0, 4]);
  expect(await tree.sizes([])).toEqual([]);
});

test('a content that nobody has is a missing one', async () => {
  const commit = await on.repo.commit({ files: { a: '1' } });
  const { tree, remote } = on.create().mirror(on.repo.name);
  await remote.fetch([commit]);
  await expect(tree.sizes(['1234567890123456789012345678901234567890'])).rejects.toMatchObject({
    code: 'commit-not-found',
  });
  await expect(tree.sizes(['--all'])).rejects.toMatchObject({ code: 'commit-not-found' });
});
