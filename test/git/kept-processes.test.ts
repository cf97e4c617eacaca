import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Objects } from '../../src/git/objects/objects.js';
import { startGit } from '../../src/git/run-git.js';
import { useGitHost } from './surroundings.js';

const on = useGitHost();

describe('objects of a mirror', () => {
  test('are not looked for where git cannot answer, so that it is asked in a way that says why', async () => {
    const env = { PATH: process.env['PATH'] ?? '', GIT_DIR: join(on.dir, 'none.git') };
    const objects = new Objects({ start: (args) => startGit(args, env), patience: 10_000 });
    expect(await objects.headers(['a'.repeat(40)])).toBeNull();
    expect(await objects.content('a'.repeat(40), 'blob')).toBeNull();
  });

  test('are told apart from what is missing, however many ask at once', async () => {
    const { repo } = on;
    const sha = await repo.commit({ files: { a: 'one', b: randomBytes(200_000) } });
    const env = { PATH: process.env['PATH'] ?? '', GIT_DIR: repo.dir };
    const started: string[] = [];
    const start = (args: readonly string[]) => {
      started.push(args.join(' '));
      return startGit(args, env);
    };
    const objects = new Objects({ start, patience: 10_000 });
    const [a = '', b = ''] = (await repo.git('ls-tree', '--object-only', sha)).split('\n');
    const absent = 'f'.repeat(40);
    const expected = [{ type: 'blob', size: 3 }, null, { type: 'commit', size: expect.any(Number) as number }];
    const asked = await Promise.all([1, 2, 3].map(() => objects.headers([a, absent, sha])));
    expect(asked).toEqual([expected, expected, expected]);
    const contents = await Promise.all([b, absent, a, sha].map((id) => objects.content(id, 'blob')));
    expect(contents.map((content) => content?.length ?? null)).toEqual([200_000, null, 3, null]);
    expect(started).toEqual(['cat-file --batch-check', 'cat-file --batch']);
    objects.close();
    expect(await objects.headers([a])).toEqual([{ type: 'blob', size: 3 }]);
    objects.close();
  });
});

test('small files of a push come along with it; large ones and those of before when they are read', async () => {
  const { remote, tree } = on.create().mirror('abc/app');
  const first = await on.repo.commit({ files: { old: 'old' } });
  await remote.fetch([first]);
  const second = await on.repo.commit({ files: { small: 'new', large: randomBytes(100_000) } });
  await remote.fetch([second]);
  const requests = () => on.host.server.requests.length;
  const before = requests();
  expect((await tree.read(second, 'small'))?.toString()).toBe('new');
  expect(requests()).toBe(before);
  expect((await tree.read(second, 'large'))?.length).toBe(100_000);
  expect((await tree.read(second, 'old'))?.toString()).toBe('old');
  expect(requests()).toBeGreaterThan(before);
});
