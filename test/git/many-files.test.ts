import { texts } from '../contracts/git-contents.js';
import type { FileChange } from '../support/git.js';
import { useGitHost } from './surroundings.js';

const on = useGitHost();

/** More folders and files than are asked for one by one: git lists them, and is given them, as a whole. */
const folders = 400;

test('thousands of files are listed, measured and read as a few are', async () => {
  const paths = Array.from({ length: folders * 3 }, (_, at) => `ü/${at % folders}/${at}`);
  const many = paths.map((path, at): [string, FileChange] => [path, `content ${at % 1100}`]);
  const odd: readonly [string, FileChange][] = [
    ['ü/run', { mode: '100755', content: 'run' }],
    ['ü/way', { mode: '120000', content: '../out' }],
    ['ü/sub', { submodule: '1'.repeat(40) }],
    ['out', 'not below'],
  ];
  const commit = await on.repo.commit({ files: Object.fromEntries([...many, ...odd]) });
  const { tree, remote } = on.create().mirror(on.repo.name);
  await remote.fetch([commit]);
  const list = await tree.list(commit, 'ü');
  expect(list.submodules).toEqual(['sub']);
  const listed = [...list];
  const below = [...paths.map((path) => path.slice('ü/'.length)), 'run', 'way'];
  expect(listed.map(({ path }) => path)).toEqual(below.sort());
  expect(listed.slice(-2).map(({ mode }) => mode)).toEqual(['100755', '120000']);
  const ids = listed.map(({ blob }) => blob);
  const contents = listed.map(({ path }) =>
    path === 'run' ? 'run' : path === 'way' ? '../out' : `content ${Number(path.split('/')[1]) % 1100}`,
  );
  expect(await tree.sizes(ids)).toEqual(contents.map(({ length }) => length));
  expect(await texts(tree.blobs(ids))).toEqual(contents);
});

test('one that the host does not have among thousands is a missing one', async () => {
  const files = Object.fromEntries(Array.from({ length: 1100 }, (_, at) => [`${at}`, `content ${at}`]));
  const commit = await on.repo.commit({ files });
  const { tree, remote } = on.create().mirror(on.repo.name);
  await remote.fetch([commit]);
  const ids = [...(await tree.list(commit, ''))].map(({ blob }) => blob);
  await tree.sizes(ids);
  const absent = 'a'.repeat(40);
  const withAbsent = [...ids.slice(0, 600), absent, ...ids.slice(600)];
  await expect(tree.sizes(withAbsent)).rejects.toMatchObject({
    code: 'commit-not-found',
    message: expect.stringContaining(absent) as string,
  });
});
