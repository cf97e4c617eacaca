import { absent, type GitStage } from './git-stage.js';

/** What every Remote does. */
export function remoteFacts(at: GitStage): void {
  describe('references', () => {
    test('name the default branch, heads, and tags by the commits behind them', async () => {
      const first = await at.repo.commit({ files: { a: '1' } });
      const second = await at.repo.commit({ files: { a: '2' }, branch: 'release/1.0' });
      await at.repo.tag('light', first);
      await at.repo.tag('v1', second, 'Annotated');
      await at.repo.setDefaultBranch('release/1.0');
      const refs = await at.mirror.remote.refs();
      expect(refs.defaultBranch).toBe('release/1.0');
      expect([...refs.heads]).toEqual([
        ['main', first],
        ['release/1.0', second],
      ]);
      expect([...refs.tags]).toEqual([
        ['light', first],
        ['v1', second],
      ]);
      expect([...refs.tagIds]).toEqual([
        ['light', first],
        ['v1', await at.repo.git('rev-parse', 'refs/tags/v1')],
      ]);
    });

    test('are asked for again, unless an answer of a moment ago will do', async () => {
      const first = await at.repo.commit({ files: { a: '1' } });
      expect((await at.mirror.remote.refs()).heads.get('main')).toBe(first);
      const second = await at.repo.commit({ files: { a: '2' } });
      expect((await at.mirror.remote.refs(0)).heads.get('main')).toBe(second);
      expect((await at.mirror.remote.refs()).heads.get('main')).toBe(second);
      expect((await at.mirror.remote.refs(3_600_000)).heads.get('main')).toBe(second);
    });

    test('are kept as they were shown last, and shown again without asking the host', async () => {
      expect(at.mirror.remote.shown()).toBeNull();
      const first = await at.repo.commit({ files: { a: '1' } });
      await at.mirror.remote.refs();
      await at.repo.commit({ files: { a: '2' } });
      expect(at.mirror.remote.shown()?.heads.get('main')).toBe(first);
      await at.repo.branch('main', first);
      await at.repo.branch('other', first);
      await at.mirror.remote.refs();
      expect([...(at.mirror.remote.shown()?.heads.keys() ?? [])].sort()).toEqual(['main', 'other']);
    });

    test('do not exist in an empty repository', async () => {
      const none = new Map();
      expect(await at.mirror.remote.refs()).toEqual({ defaultBranch: null, heads: none, tags: none, tagIds: none });
      await at.mirror.remote.fetch([absent]);
    });

    test('may have hostile names', async () => {
      const sha = await at.repo.commit({ files: { a: '1' } });
      const names = [
        '--upload-pack=x',
        '$(id)',
        '`id`',
        "it's",
        '"quoted"',
        '-x',
        'a;b',
        'ünï/cödé',
        'deadbeef',
        'HEAD',
      ];
      for (const name of names) await at.repo.branch(name, sha);
      const refs = await at.mirror.remote.refs();
      expect([...refs.heads.keys()].sort()).toEqual([...names, 'main'].sort());
      await at.mirror.remote.fetch([sha]);
      expect(await at.mirror.history.resolve('deadbeef')).toBeNull();
      await at.repo.deleteBranch('$(id)');
      await at.mirror.remote.fetch([await at.repo.commit({ files: { a: '2' } })]);
    });
  });

  describe('fetching', () => {
    test('brings commits, and only those that were wanted need to exist', async () => {
      const first = await at.repo.commit({ files: { a: '1' } });
      expect(await at.mirror.history.has(first)).toBe(false);
      await at.mirror.remote.fetch([first, absent, 'main', '--all']);
      expect(await at.mirror.history.has(first)).toBe(true);
      expect(await at.mirror.history.has(absent)).toBe(false);
      expect(await at.mirror.history.has('main')).toBe(false);
    });

    test('keeps a commit that was force-pushed away', async () => {
      const root = await at.repo.commit({ files: { a: '1' } });
      const lost = await at.repo.commit({ files: { a: '2' } });
      await at.mirror.remote.fetch([lost]);
      const next = await at.repo.commit({ files: { a: '3' }, parents: [root] });
      await at.repo.forgetUnreachable();
      await at.mirror.remote.fetch([next]);
      expect(await at.mirror.history.has(lost)).toBe(true);
      expect(await at.mirror.history.changedPaths(lost, next)).toEqual(['a']);
      expect(await at.mirror.history.between(lost, next)).toMatchObject([{ sha: next }]);
    });

    test('asks by id for a commit that no reference reaches', async () => {
      const root = await at.repo.commit({ files: { a: '1' } });
      const lost = await at.repo.commit({ files: { a: '2' }, parents: [root], branch: null });
      await at.mirror.remote.fetch([lost]);
      expect(await at.mirror.history.count(lost)).toBe(2);
    });

    test('gets over a branch that became a folder of branches, and back', async () => {
      const shas: string[] = [];
      await at.repo.commit({ files: { a: '0' } });
      for (const [gone, branch] of [
        ['', 'x'],
        ['x', 'x/y'],
        ['x/y', 'x'],
        ['main', 'main/y'],
      ] as const) {
        if (gone !== '') await at.repo.deleteBranch(gone);
        shas.push(await at.repo.commit({ files: { a: branch + gone }, branch }));
        await at.mirror.remote.fetch(shas.slice(-1));
      }
      for (const sha of shas) expect(await at.mirror.history.has(sha)).toBe(true);
    });

    test('may be asked for by many at once', async () => {
      const shas: string[] = [];
      for (let number = 0; number < 5; number += 1)
        shas.push(await at.repo.commit({ files: { a: `${number}` }, branch: `b${number}` }));
      await Promise.all([...shas, ...shas].map((sha) => at.mirror.remote.fetch([sha])));
      for (const sha of shas) expect(await at.mirror.history.has(sha)).toBe(true);
    });
  });
}
