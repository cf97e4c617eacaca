import { texts } from './git-contents.js';
import { absent, plenty, type GitStage } from './git-stage.js';

/** What every History does. */
export function historyFacts(at: GitStage): void {
  describe('history', () => {
    test('counts as the host does, merges included', async () => {
      const root = await at.repo.commit({ files: { a: '1' } });
      const left = await at.repo.commit({ files: { a: '2' } });
      const right = await at.repo.commit({ files: { b: '2' }, parents: [root], branch: 'side' });
      const merge = await at.repo.commit({ files: { b: '2' }, parents: [left, right] });
      await at.mirror.remote.fetch([merge]);
      expect(await at.mirror.history.count(merge)).toBe(Number(await at.repo.git('rev-list', '--count', merge)));
      expect((await at.mirror.history.between(root, merge)).map(({ sha }) => sha)).toEqual([merge, right, left]);
      const mainline = await at.mirror.history.between(root, merge, 'mainline');
      expect(mainline.map(({ sha }) => sha)).toEqual([merge, left]);
    });

    test('finds the newest commit that two come from', async () => {
      const root = await at.repo.commit({ files: { a: '1' } });
      const fork = await at.repo.commit({ files: { a: '2' } });
      const main = await at.repo.commit({ files: { a: '3' } });
      const side = await at.repo.commit({ files: { b: '1' }, parents: [fork], branch: 'side' });
      const alone = await at.repo.commit({ files: { c: '1' }, parents: [], branch: 'alone' });
      await at.mirror.remote.fetch([main, side, alone]);
      const { history } = at.mirror;
      expect(await history.mergeBase(main, side)).toBe(fork);
      expect(await history.mergeBase(root, main)).toBe(root);
      expect(await history.mergeBase(main, alone)).toBeNull();
      const missing = expect.objectContaining({ code: 'commit-not-found' });
      for (const bad of [absent, 'main', '--all', '']) {
        await expect(history.mergeBase(bad, main)).rejects.toEqual(missing);
        await expect(history.mergeBase(main, bad)).rejects.toEqual(missing);
      }
    });

    test('gives the whole message and the committer time in seconds', async () => {
      const message = 'Größe\n\n[skip ci] 日本\n\ntrailer: "x"\n';
      const sha = await at.repo.commit({ files: { a: '1' }, message, time: 1_600_000_000 });
      const next = await at.repo.commit({ files: { a: '2' }, message: '' });
      await at.mirror.remote.fetch([next]);
      expect(await at.mirror.history.info(sha)).toEqual({ sha, short: sha.slice(0, 7), time: 1_600_000_000, message });
      expect(await at.mirror.history.info(next)).toMatchObject({ sha: next, message: '' });
      expect(await at.mirror.history.between(sha, sha)).toEqual([]);
    });

    test('resolves abbreviated ids of commits alone', async () => {
      const sha = await at.repo.commit({ files: { a: '1' } });
      await at.mirror.remote.fetch([sha]);
      const tree = await at.repo.git('rev-parse', `${sha}^{tree}`);
      expect(await at.mirror.history.resolve(sha.slice(0, 7))).toBe(sha);
      expect(await at.mirror.history.resolve(sha.toUpperCase())).toBe(sha);
      for (const odd of [
        tree,
        tree.slice(0, 9),
        'abc',
        'main',
        'HEAD',
        '--all',
        absent,
        '',
        `${sha}00`,
        'g123456',
        `${sha}^`,
      ]) {
        expect(await at.mirror.history.resolve(odd)).toBeNull();
      }
    });

    test('says so where a commit is not there', async () => {
      const sha = await at.repo.commit({ files: { a: '1' } });
      await at.mirror.remote.fetch([sha]);
      const missing = expect.objectContaining({ code: 'commit-not-found' });
      for (const bad of [absent, 'main', '--all', `${sha} --all`, '', await at.repo.git('rev-parse', `${sha}:a`)]) {
        await expect(at.mirror.history.info(bad)).rejects.toEqual(missing);
        await expect(at.mirror.history.count(bad)).rejects.toEqual(missing);
        await expect(at.mirror.history.nearest(bad, new Set([sha]))).rejects.toEqual(missing);
        await expect(at.mirror.history.between(bad, sha)).rejects.toEqual(missing);
        await expect(at.mirror.history.changedPaths(sha, bad)).rejects.toEqual(missing);
        await expect(at.mirror.tree.list(bad, '')).rejects.toEqual(missing);
        await expect(at.mirror.tree.read(bad, 'a', plenty)).rejects.toEqual(missing);
      }
    });
  });

  describe('the nearest of some commits', () => {
    const nearest = (head: string, ...among: string[]) => at.mirror.history.nearest(head, new Set(among));

    test('is the commit itself, else the first on the way back', async () => {
      const line: string[] = [];
      for (const a of ['1', '2', '3', '4']) line.push(await at.repo.commit({ files: { a } }));
      const [first = '', second = '', third = '', last = ''] = line;
      const side = await at.repo.commit({ files: { a: '5' }, parents: [second], branch: 'side' });
      await at.mirror.remote.fetch([last, side]);
      expect(await nearest(last, first, last, second)).toEqual([last]);
      expect(await nearest(last, first, second, side, absent)).toEqual([second]);
      expect(await nearest(third, last, side, absent)).toEqual([]);
      expect(await nearest(third)).toEqual([]);
    });

    test('is no commit that another one of them comes from, whatever the dates say', async () => {
      const root = await at.repo.commit({ files: { a: '1' }, time: 1_600_000_900 });
      const begun = await at.repo.commit({ files: { b: '1' }, parents: [root], branch: 'side', time: 1_600_000_100 });
      const done = await at.repo.commit({ files: { b: '2' }, parents: [begun], branch: 'side', time: 1_600_000_200 });
      const merge = await at.repo.commit({ files: { b: '2' }, parents: [root, done], time: 1_600_000_300 });
      const head = await at.repo.commit({ files: { c: '1' }, time: 1_600_000_400 });
      await at.mirror.remote.fetch([head]);
      expect(await nearest(head, root, begun, done)).toEqual([done]);
      expect(await nearest(head, root, begun)).toEqual([begun]);
      expect(await nearest(head, root)).toEqual([root]);
      expect(await nearest(head, root, done, merge)).toEqual([merge]);
    });

    test('are one of each line of history that was merged, the newest first', async () => {
      const root = await at.repo.commit({ files: { a: '1' }, time: 1_600_000_000 });
      const left = await at.repo.commit({ files: { a: '2' }, time: 1_600_000_100 });
      const right = await at.repo.commit({ files: { b: '1' }, parents: [root], branch: 'side', time: 1_600_000_200 });
      const merge = await at.repo.commit({ files: { b: '1' }, parents: [left, right], time: 1_600_000_300 });
      await at.mirror.remote.fetch([merge]);
      expect(await nearest(merge, root, left, right)).toEqual([right, left]);
    });

    test('is found beyond what is read one by one', async () => {
      const root = await at.repo.commit({ files: { a: '0' } });
      for (let n = 1; n <= 70; n += 1) await at.repo.commit({ files: { a: String(n) } });
      const head = await at.repo.commit({ files: { a: 'last' } });
      await at.mirror.remote.fetch([head]);
      expect(await nearest(head, root)).toEqual([root]);
      expect(await nearest(head, root, head)).toEqual([head]);
      expect(await nearest(head, absent)).toEqual([]);
    });
  });

  describe('changed paths', () => {
    const one = '1'.repeat(40);
    const two = '2'.repeat(40);
    const content = 'a line that is long enough to be found again\n'.repeat(20);
    test.each([
      ['a changed file', { a: '1', b: '1' }, { a: '2' }, ['a']],
      ['both names of a renamed one', { old: content }, { old: null, new: content }, ['new', 'old']],
      ['a new mode', { run: 'x' }, { run: { mode: '100755', content: 'x' } as const }, ['run']],
      [
        'a new target of a link',
        { link: { mode: '120000', content: 'a' } as const },
        { link: { mode: '120000', content: 'b' } as const },
        ['link'],
      ],
      ['a file that became a link', { x: 'y' }, { x: { mode: '120000', content: 'y' } as const }, ['x']],
      [
        'a submodule that moved on',
        { sub: { submodule: one }, '.gitmodules': '[submodule "sub"]\n\tpath = sub\n\tignore = all\n' },
        { sub: { submodule: two } },
        ['sub'],
      ],
      ['a file whose place a folder took', { x: 'y' }, { x: null, 'x/y': 'z' }, ['x', 'x/y']],
      [
        'files that attributes call generated or binary',
        { '.gitattributes': '* -diff linguist-generated diff=x', a: '1' },
        { a: '2' },
        ['a'],
      ],
      ['nothing if nothing changed', { a: '1' }, {}, []],
    ])('are %s', async (_what, before, after, expected) => {
      const from = await at.repo.commit({ files: before });
      const to = await at.repo.commit({ files: after });
      await at.mirror.remote.fetch([to]);
      expect(await at.mirror.history.changedPaths(from, to)).toEqual(expected);
    });

    test('are found by the thousand', async () => {
      const paths = Array.from({ length: 5000 }, (_, n) => `folder-${n % 50}/file-${n}.txt`);
      const from = await at.repo.commit({ files: { a: '1' } });
      const to = await at.repo.commit({ files: Object.fromEntries(paths.map((path) => [path, path])) });
      await at.mirror.remote.fetch([to]);
      expect([...(await at.mirror.history.changedPaths(from, to))].sort()).toEqual([...paths].sort());
      const entries = [...(await at.mirror.tree.list(to, 'folder-7'))];
      expect(entries).toHaveLength(100);
      expect(await texts(at.mirror.tree.blobs(entries.map(({ blob }) => blob)))).toEqual(
        entries.map(({ path }) => `folder-7/${path}`),
      );
    });
  });
}
