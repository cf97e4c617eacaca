import { type ChildProcess, spawn } from 'node:child_process';
import { access, mkdir, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { plenty } from '../contracts/git-stage.js';
import { git } from '../support/git.js';
import { realClock, useGitHost } from './surroundings.js';

const on = useGitHost();
const folder = () => join(on.dir, 'abc', 'app.git');
const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
/** How often a lock is looked at again. */
const LOCK_WAIT_MS = 100;
const old = new Date(Date.now() - 3 * 3_600_000);

describe('a mirror', () => {
  let sha: string;
  beforeEach(async () => {
    sha = await on.repo.commit({ files: { a: 'one' } });
    const { remote, tree } = on.create().mirror('abc/app');
    await remote.fetch([sha]);
    await tree.read(sha, 'a', plenty);
  });

  const packs = async () => {
    const names = await readdir(join(folder(), 'objects', 'pack'));
    return names.filter((name) => name.endsWith('.pack')).map((name) => join(folder(), 'objects', 'pack', name));
  };

  test.each<[string, () => Promise<void>]>([
    ['is gone', () => rm(folder(), { recursive: true })],
    ['has lost its HEAD', () => rm(join(folder(), 'HEAD'))],
    [
      'has lost its packs',
      async () => {
        for (const pack of await packs()) await rm(pack);
      },
    ],
    [
      'has empty packs',
      async () => {
        for (const pack of await packs()) await truncate(pack, 0);
      },
    ],
    [
      'has cut packs',
      async () => {
        for (const pack of await packs()) await truncate(pack, 40);
      },
    ],
    ['has an empty reference', () => writeFile(join(folder(), 'refs', 'heads', 'main'), '')],
    ['has a garbage configuration', () => writeFile(join(folder(), 'config'), '[core\n')],
  ])('that %s is made again', async (_what, damage) => {
    await damage();
    const { remote, history, tree } = on.create().mirror('abc/app');
    const next = await on.repo.commit({ files: { a: 'two' } });
    await remote.fetch([next, sha]);
    expect(await history.changedPaths(sha, next)).toEqual(['a']);
    expect((await tree.read(sha, 'a', plenty))?.content?.toString()).toBe('one');
    expect((await tree.read(next, 'a', plenty))?.content?.toString()).toBe('two');
  });

  test('that is damaged is made again by its reader, once', async () => {
    for (const pack of await packs()) await truncate(pack, 0);
    const { history } = on.create().mirror('abc/app');
    const counts = await Promise.all([1, 2, 3].map(() => history.count(sha)));
    expect(counts).toEqual([1, 1, 1]);
    expect(on.lines.filter((line) => line.includes('will be rebuilt'))).toHaveLength(1);
  });

  describe('that is made again', () => {
    /** A process that has found the mirror damaged, and waits for the host. */
    const beginRepair = async () => {
      for (const pack of await packs()) await truncate(pack, 0);
      let answer = () => {};
      on.host.server.wait(new Promise((resolve) => (answer = resolve)));
      const asked = on.host.server.requests.length;
      const mirror = on.create().mirror('abc/app');
      const counted = mirror.history.count(sha);
      while (on.host.server.requests.length === asked) await realClock.sleep(5);
      return { mirror, counted, answer };
    };

    test('is not empty for those who read in the meantime, whatever process they are in', async () => {
      const { mirror, counted, answer } = await beginRepair();
      const readers = [mirror, on.create().mirror('abc/app')].flatMap(({ history }) => [
        history.count(sha),
        history.info(sha).then((info) => info.sha),
        history.between(sha, sha),
      ]);
      const early = await Promise.race([Promise.all(readers).catch(String), realClock.sleep(500)]);
      answer();
      expect(early).toBeUndefined();
      expect(await Promise.all(readers)).toEqual([1, sha, [], 1, sha, []]);
      expect(await counted).toBe(1);
    });

    test('and whose host does not answer stays as it is, and is made again when the host is back', async () => {
      const { mirror, counted, answer } = await beginRepair();
      on.host.server.fail(503);
      answer();
      await expect(counted).rejects.toMatchObject({ code: 'git-unavailable' });
      await expect(mirror.history.count(sha)).rejects.toMatchObject({ code: 'git-unavailable' });
      on.host.server.fail(null);
      expect(await mirror.history.count(sha)).toBe(1);
      expect(await readdir(join(on.dir, '.tmp'))).toEqual([]);
    });
  });

  test('that is damaged before the references of the last fetch were asked for is made again', async () => {
    const { remote, history } = on
      .create({ cloneUrl: `file://${on.host.server.root}/{repository}.git` })
      .mirror('abc/app');
    await remote.refs();
    await remote.fetch([await on.repo.commit({ files: { a: '2' } })]);
    await writeFile(join(folder(), 'refs', 'heads', 'main'), '');
    const next = await on.repo.commit({ files: { a: '3' } });
    await remote.fetch([next]);
    expect(await history.count(next)).toBe(3);
  });

  test('is not held up by the lock files of a process that died', async () => {
    const locks = ['refs/heads/main.lock', 'packed-refs.lock', 'HEAD.lock', 'refs/heads/other.lock'].map((name) =>
      join(folder(), name),
    );
    for (const lock of locks) await writeFile(lock, '');
    for (const lock of locks) await utimes(lock, old, old);
    await on.repo.commit({ files: { a: '2' }, branch: 'other' });
    // A process fetches every reference once, then what it wants.
    const fetchAll = async (a: string) =>
      on
        .create()
        .mirror('abc/app')
        .remote.fetch([await on.repo.commit({ files: { a } })]);
    await fetchAll('2');
    await on.repo.deleteBranch('other');
    await fetchAll('3');
    expect(await on.repo.git('rev-parse', 'main')).toBe((await git(folder(), ['rev-parse', 'main'])).toString().trim());
  });

  test('waits for the lock file of a living process', async () => {
    const lock = join(folder(), 'refs', 'heads', 'main.lock');
    await writeFile(lock, '');
    let slept = 0;
    const clock = {
      now: () => Date.now(),
      // The waits for the lock take no time. The watch over the free disk goes by the real clock.
      sleep: async (ms: number, signal?: AbortSignal) => {
        if (ms > LOCK_WAIT_MS) return realClock.sleep(ms, signal);
        slept += 1;
        if (slept === 3) await rm(lock);
      },
    };
    const next = await on.repo.commit({ files: { a: '2' } });
    await on.create({ clock }).mirror('abc/app').remote.fetch([next]);
    expect(slept).toBe(3);
  });

  test('may be shared by two processes', async () => {
    const hosts = [on.create(), on.create()];
    await rm(folder(), { recursive: true });
    for (let round = 0; round < 4; round += 1) {
      if (round === 2) await on.repo.deleteBranch('b1');
      const next = await on.repo.commit({ files: { a: `${round}` }, branch: `b${round}` });
      const counts = await Promise.all(
        hosts.map(async (each) => {
          await each.mirror('abc/app').remote.fetch([next]);
          return each.mirror('abc/app').history.count(next);
        }),
      );
      expect(counts).toEqual([1, 1]);
    }
  });

  /** Packs are put together in the background. A git that leaves word once it has done so, for the old ones do not go all at once. */
  async function tellingOfRepack() {
    const bin = join(on.dir, '.bin');
    const script = `#!/bin/sh
PATH="\${PATH#*:}"
[ "$1" = repack ] || exec git "$@"
git "$@" && : >"\${0%/*}/repacked"
`;
    await mkdir(bin);
    await writeFile(join(bin, 'git'), script, { mode: 0o755 });
    const PATH = `${bin}:${process.env['PATH']}`;
    return { env: { ...process.env, PATH }, repacked: () => exists(join(bin, 'repacked')) };
  }

  test('has its packs put together, and loses nothing by it', async () => {
    const lost = await on.repo.commit({ files: { a: 'lost' } });
    const { env, repacked } = await tellingOfRepack();
    const { remote, history, tree } = on.create({ packLimit: 4, env }).mirror('abc/app');
    await remote.fetch([lost]);
    await on.repo.forcePush('main', sha);
    for (const at of [1, 2, 3]) await remote.fetch([await on.repo.commit({ files: { a: `${at}` }, branch: 'other' })]);
    while (!(await repacked())) await realClock.sleep(20);
    expect((await packs()).length).toBeLessThanOrEqual(3);
    expect(await history.count(lost)).toBe(2);
    expect((await tree.read(sha, 'a', plenty))?.content?.toString()).toBe('one');
  });

  test('keeps nothing of what killed processes left', async () => {
    const half = join(folder(), 'objects', 'pack', 'tmp_pack_x');
    const running = join(folder(), 'objects', 'pack', 'tmp_pack_y');
    const unmade = join(on.dir, '.tmp', 'mirror-x');
    const unfilled = join(on.dir, '.tmp', 'remade-x');
    const filling = join(on.dir, '.tmp', 'remade-y');
    for (const mirror of [unmade, unfilled, filling]) await mkdir(join(mirror, 'refs'), { recursive: true });
    for (const file of [half, running]) await writeFile(file, 'half');
    for (const file of [half, unmade, unfilled]) await utimes(file, old, old);
    const minutesAgo = new Date(Date.now() - 300_000);
    await utimes(filling, minutesAgo, minutesAgo);
    await on.create().prepare();
    const left = await Promise.all([half, running, unmade, unfilled, filling].map(exists));
    expect(left).toEqual([false, true, false, false, true]);
  });

  test('survives kill -9 in the middle of a fetch', async () => {
    const next = await on.repo.commit({ files: { a: 'two' } });
    on.host.server.fail('hang');
    const args = ['fetch', '--quiet', `${on.host.server.url}/abc/app.git`, '+refs/heads/*:refs/heads/*'];
    const child: ChildProcess = spawn('git', args, { cwd: folder(), stdio: 'ignore' });
    for (
      let left = 200;
      on.host.server.requests.at(-1)?.url !== '/abc/app.git/info/refs?service=git-upload-pack' && left > 0;
      left -= 1
    )
      await realClock.sleep(10);
    child.kill('SIGKILL');
    on.host.server.fail(null);
    const { remote, history } = on.create().mirror('abc/app');
    await remote.fetch([next]);
    expect(await history.count(next)).toBe(2);
  });
});

test('the configuration file of all git commands is left whole', async () => {
  await Promise.all([on.create().prepare(), on.create().prepare(), on.create().prepare()]);
  expect(await readFile(join(on.dir, 'git.config'), 'utf8')).toContain('hooksPath = /dev/null');
});
