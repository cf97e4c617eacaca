/** Trees that no git program writes, from a host that does not check them: a name twice, or one name for a file and a folder. */
import { git } from '../support/git.js';
import { useGitHost } from './surroundings.js';

const on = useGitHost();

async function object(kind: 'blob' | 'tree', input: Buffer | string): Promise<string> {
  const words = ['hash-object', '-w', '-t', kind, '--literally', '--stdin'];
  return (await git(on.repo.dir, words, { input })).toString().trim();
}

const entry = (mode: string, name: string, id: string): Buffer =>
  Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]);

/** Makes a commit with the tree of these entries as the head. */
async function commitOf(...entries: readonly Buffer[]): Promise<string> {
  const tree = await object('tree', Buffer.concat(entries));
  const sha = (await git(on.repo.dir, ['commit-tree', tree, '-m', 'x'])).toString().trim();
  await on.repo.branch('main', sha);
  return sha;
}

test.each([true, false])('end clearly (with the shortcut: %s)', async (shortcut) => {
  const [one, two] = [await object('blob', '1'), await object('blob', '2')];
  const folder = await object('tree', entry('100644', 'x', one));
  const other = await object('tree', Buffer.concat([entry('100644', 'x', two), entry('100644', 'y', two)]));
  const mirror = on.create({ shortcut }).mirror('abc/app');
  const list = async (sha: string, below = '') => {
    await mirror.remote.fetch([sha]);
    return mirror.tree.list(sha, below);
  };
  const says = (path: string) => ({
    code: 'repository-unsupported',
    blame: 'source',
    retryable: false,
    message: expect.stringContaining(`"${path}"`),
  });
  const twice = await commitOf(entry('100644', 'a', one), entry('100644', 'a', two));
  await expect(list(twice)).rejects.toMatchObject(says('a'));
  const fileAndFolder = await commitOf(
    entry('100644', 'a', one),
    entry('100644', 'a.b', one),
    entry('40000', 'a', folder),
  );
  await expect(list(fileAndFolder)).rejects.toMatchObject(says('a'));
  const twoFolders = await commitOf(entry('40000', 'a', folder), entry('40000', 'a', other));
  await expect(list(twoFolders)).rejects.toMatchObject(says('a/x'));
  const sound = await commitOf(entry('100644', 'a', one), entry('100644', 'a.b', one), entry('40000', 'b', folder));
  expect([...(await list(sound))].map(({ path }) => path)).toEqual(['a', 'a.b', 'b/x']);
  expect(await list(sound, 'b')).toHaveLength(1);
});
