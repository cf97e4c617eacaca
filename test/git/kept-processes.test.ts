import { randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { plenty } from '../contracts/git-stage.js';
import { ProcessPool } from '../../src/git/objects/process-pool.js';
import { Objects } from '../../src/git/objects/objects.js';
import { startGit } from '../../src/git/process/run-git.js';
import { realClock, useGitHost } from './surroundings.js';

const on = useGitHost();

describe('objects of a mirror', () => {
  test('are not looked for where git cannot answer, so that it is asked in a way that says why', async () => {
    const env = { PATH: process.env['PATH'] ?? '', GIT_DIR: join(on.dir, 'none.git') };
    const objects = new Objects({
      start: (args) => startGit(args, env),
      patience: 10_000,
      processes: new ProcessPool(9),
    });
    expect(await objects.headers(['a'.repeat(40)])).toBeNull();
    expect(await objects.content('a'.repeat(40), 'blob', plenty)).toBeNull();
  });

  test('that are too large are recognised by their size, and git is stopped once for each at most', async () => {
    const { repo } = on;
    const files = { a: 'one', b: Buffer.alloc(2_000), c: randomBytes(3_000_000), d: 'other' };
    const sha = await repo.commit({ files });
    const env = { PATH: process.env['PATH'] ?? '', GIT_DIR: repo.dir };
    const started: string[] = [];
    const start = (args: readonly string[]) => {
      started.push(args.join(' '));
      return startGit(args, env);
    };
    const objects = new Objects({ start, patience: 10_000, processes: new ProcessPool(9) });
    const [a = '', b = '', c = '', d = ''] = (await repo.git('ls-tree', '--object-only', sha)).split('\n');
    const ask = (id: string, most: number) => objects.content(id, 'blob', most);
    expect(await Promise.all([ask(b, 1_999), ask(a, 3), ask(a, 2)])).toEqual([
      { size: 2_000, content: null },
      { size: 3, content: Buffer.from('one') },
      { size: 3, content: null },
    ]);
    expect(started).toEqual(['cat-file --batch']);
    expect(await ask(c, 2_999_999)).toEqual({ size: 3_000_000, content: null });
    expect(await ask(c, 5)).toEqual({ size: 3_000_000, content: null });
    expect((await ask(d, 5))?.content?.toString()).toBe('other');
    expect((await ask(c, 3_000_000))?.content?.length).toBe(3_000_000);
    expect(started).toEqual(['cat-file --batch', 'cat-file --batch']);
    objects.close();
  });

  test('are distinguished from what is missing, however many ask at once', async () => {
    const { repo } = on;
    const sha = await repo.commit({ files: { a: 'one', b: randomBytes(200_000) } });
    const env = { PATH: process.env['PATH'] ?? '', GIT_DIR: repo.dir };
    const started: string[] = [];
    const start = (args: readonly string[]) => {
      started.push(args.join(' '));
      return startGit(args, env);
    };
    const objects = new Objects({ start, patience: 10_000, processes: new ProcessPool(9) });
    const [a = '', b = ''] = (await repo.git('ls-tree', '--object-only', sha)).split('\n');
    const absent = 'f'.repeat(40);
    const expected = [{ type: 'blob', size: 3 }, null, { type: 'commit', size: expect.any(Number) as number }];
    const asked = await Promise.all([1, 2, 3].map(() => objects.headers([a, absent, sha])));
    expect(asked).toEqual([expected, expected, expected]);
    const contents = await Promise.all([b, absent, a, sha].map((id) => objects.content(id, 'blob', plenty)));
    expect(contents.map((answer) => answer?.content?.length ?? null)).toEqual([200_000, null, 3, null]);
    expect(started).toEqual(['cat-file --batch-check', 'cat-file --batch']);
    objects.close();
    expect(await objects.headers([a])).toEqual([{ type: 'blob', size: 3 }]);
    objects.close();
  });

  test('are not waited for where git hangs, however many questions come, and however git takes being ended', async () => {
    const programs = await mkdtemp(join(on.dir, 'bin-'));
    const script = `#!/bin/sh\ntrap '' TERM\nfor i in 0 1 2 3 4 5 6 7 8 9; do sleep 1; done\n`;
    await writeFile(join(programs, 'git'), script, { mode: 0o755 });
    const env = { PATH: `${programs}:${process.env['PATH'] ?? ''}` };
    let [started, asked] = [0, 0];
    const start = (args: readonly string[]) => {
      started += 1;
      return startGit(args, env);
    };
    const objects = new Objects({ start, patience: 400, processes: new ProcessPool(9) });
    const answers: unknown[] = [];
    const began = Date.now();
    while (started < 2 && Date.now() - began < 3_000) {
      asked += 1;
      void objects.headers(['a'.repeat(40)]).then((answer) => answers.push(answer));
      await realClock.sleep(50);
    }
    objects.close();
    await realClock.sleep(100);
    expect(started).toBe(2);
    expect(answers).toEqual(Array.from({ length: asked }, () => null));
  });

  test('are asked for by a few processes only, however many mirrors there are', async () => {
    const sha = await on.repo.commit({ files: { a: 'one' } });
    const env = { PATH: process.env['PATH'] ?? '', GIT_DIR: on.repo.dir };
    const processes = new ProcessPool(2);
    const children: ReturnType<typeof startGit>[] = [];
    const start = (args: readonly string[]) => {
      const child = startGit(args, env);
      children.push(child);
      return child;
    };
    const all = [1, 2, 3, 4].map(() => new Objects({ start, patience: 10_000, processes }));
    // More are busy at once than are kept afterwards.
    const answers = await Promise.all(all.map((objects) => objects.headers([sha])));
    expect(answers.map((answer) => answer?.[0]?.type)).toEqual(['commit', 'commit', 'commit', 'commit']);
    for (const objects of all) expect((await objects.headers([sha]))?.[0]?.type).toBe('commit');
    const kept = () => children.filter((child) => child.exitCode === null && child.signalCode === null).length;
    while (kept() > 2) await new Promise(setImmediate);
    expect(kept()).toBe(2);
    for (const objects of all) objects.close();
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
  expect((await tree.read(second, 'small', plenty))?.content?.toString()).toBe('new');
  expect(requests()).toBe(before);
  expect((await tree.read(second, 'large', plenty))?.size).toBe(100_000);
  expect((await tree.read(second, 'old', plenty))?.content?.toString()).toBe('old');
  expect(requests()).toBeGreaterThan(before);
});
