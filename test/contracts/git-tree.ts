import { randomBytes } from 'node:crypto';
import { texts } from './git-contents.js';
import { absent, plenty, type GitStage } from './git-stage.js';

/** What every Tree does. */
export function treeFacts(at: GitStage): void {
  describe('trees', () => {
    test('list files and links in the order of their bytes, and submodules apart', async () => {
      const sha = await at.repo.commit({
        files: {
          'b.txt': 'b',
          'b/c': { mode: '100755', content: 'x' },
          'b-': '1',
          link: { mode: '120000', content: 'b/c' },
          sub: { submodule: '1'.repeat(40) },
          'b/é/sub': { submodule: '2'.repeat(40) },
          '\u{1f600}': 'emoji',
          '\uff21': 'wide',
          é: 'e',
        },
      });
      await at.mirror.remote.fetch([sha]);
      const list = await at.mirror.tree.list(sha, '');
      expect([...(list.submodules ?? [])].sort()).toEqual(['b/é/sub', 'sub']);
      expect((await at.mirror.tree.list(sha, 'b')).submodules).toEqual(['é/sub']);
      const entries = [...list];
      expect(entries.map(({ path }) => path)).toEqual(['b-', 'b.txt', 'b/c', 'link', 'é', '\uff21', '\u{1f600}']);
      expect(entries.map(({ mode }) => mode).slice(0, 4)).toEqual(['100644', '100644', '100755', '120000']);
      expect(entries[1]?.blob).toBe(await at.repo.git('rev-parse', `${sha}:b.txt`));
      expect([...(await at.mirror.tree.list(sha, 'b'))]).toEqual([expect.objectContaining({ path: 'c' })]);
      expect((await at.mirror.tree.read(sha, 'link', plenty))?.content?.toString()).toBe('b/c');
    });

    test('have the same names as long as files are only written', async () => {
      const first = await at.repo.commit({ files: { 'a/b': '1', 'a/c': '1', d: '1' } });
      const written = await at.repo.commit({ files: { 'a/b': '2', d: { mode: '100755', content: '3' } } });
      const added = await at.repo.commit({ files: { 'a/e': '1' } });
      const moved = await at.repo.commit({ files: { 'a/e': null, 'f/e': '1' } });
      const replaced = await at.repo.commit({ files: { d: null, 'd/x': '1' } });
      await at.mirror.remote.fetch([replaced]);
      const { tree } = at.mirror;
      expect(await tree.sameNames(first, first)).toBe(true);
      expect(await tree.sameNames(first, written)).toBe(true);
      for (const [one, other] of [
        [written, added],
        [added, moved],
        [moved, added],
        [moved, replaced],
      ] as const)
        expect(await tree.sameNames(one, other)).toBe(false);
    });

    test('do not have the same names if a submodule comes or .gitattributes change', async () => {
      const first = await at.repo.commit({ files: { 'a/.gitattributes': '1', 'a/b': '1' } });
      const changed = await at.repo.commit({ files: { 'a/.gitattributes': '2' } });
      const added = await at.repo.commit({ files: { sub: { submodule: '1'.repeat(40) } } });
      const moved = await at.repo.commit({ files: { sub: { submodule: '2'.repeat(40) } } });
      const replaced = await at.repo.commit({ files: { sub: 'a file' } });
      await at.mirror.remote.fetch([replaced]);
      const { tree } = at.mirror;
      expect(await tree.sameNames(first, changed)).toBe(false);
      expect(await tree.sameNames(changed, added)).toBe(false);
      expect(await tree.sameNames(added, moved)).toBe(true);
      expect(await tree.sameNames(moved, replaced)).toBe(false);
    });

    test('are empty where a folder does not exist or cannot', async () => {
      const sha = await at.repo.commit({ files: { 'a/b': '1' } });
      await at.mirror.remote.fetch([sha]);
      for (const folder of [
        'x',
        'a/b',
        'a/x',
        '..',
        '../a',
        'a/../a',
        '/a',
        ':(glob)*',
        '*',
        '--name-only',
        ':a',
        'a\0',
      ]) {
        expect(await at.mirror.tree.list(sha, folder)).toEqual([]);
      }
      for (const path of ['x', 'a', 'a/', '/a/b', '../a/b', 'a/../a/b', '*', ':(glob)**', 'a/b/c', '', 'a/b\0']) {
        expect(await at.mirror.tree.read(sha, path, plenty)).toBeNull();
      }
    });

    test('are followed through links as a checkout is, and never out of it', async () => {
      const link = (content: string) => ({ mode: '120000' as const, content });
      const sha = await at.repo.commit({
        files: {
          'a/real folder/file': 'text',
          'a/to-file': link('real folder/file'),
          'b/to-folder': link('../a/./real folder/'),
          'b/twice': link('to-folder/file'),
          'b/nowhere': link('x/y'),
          'b/circle': link('circle'),
          'b/out': link('../../a/to-file'),
          'b/absolute': link('/a/to-file'),
          'b/folder-itself': link('../a'),
          'b/plain': 'x',
        },
      });
      await at.mirror.remote.fetch([sha]);
      const follow = async (path: string) => {
        const met = await at.mirror.tree.follow(sha, path, plenty);
        return met && [met.content?.toString(), met.target, ...met.links];
      };
      const target = 'a/real folder/file';
      expect(await follow(target)).toEqual(['text', target]);
      expect(await follow('a/to-file')).toEqual(['text', target, 'a/to-file']);
      expect(await follow('b/to-folder/file')).toEqual(['text', target, 'b/to-folder']);
      expect(await follow('b/twice')).toEqual(['text', target, 'b/twice', 'b/to-folder']);
      const dead = [
        'nowhere',
        'circle',
        'out',
        'absolute',
        'folder-itself',
        'plain/x',
        'to-folder',
        'to-folder/x',
        'x',
      ];
      for (const name of dead) expect([name, await follow(`b/${name}`)]).toEqual([name, null]);
      expect(await follow('a')).toBeNull();
      expect(await follow('../a/to-file')).toBeNull();
    });

    test('give the size alone of a file that is larger than was asked for', async () => {
      const link = { mode: '120000' as const, content: 'file' };
      const content = randomBytes(300_000);
      const sha = await at.repo.commit({ files: { file: content, link, small: '12345', empty: '' } });
      await at.mirror.remote.fetch([sha]);
      const { tree } = at.mirror;
      const blob = await at.repo.git('rev-parse', `${sha}:file`);
      const large = { blob, size: 300_000 };
      expect(await tree.read(sha, 'file', 299_999)).toEqual({ ...large, content: null });
      expect(await tree.read(sha, 'file', 300_000)).toEqual({ ...large, content });
      expect(await tree.read(sha, 'file', 0)).toEqual({ ...large, content: null });
      expect(await tree.follow(sha, 'link', 10)).toEqual({ ...large, content: null, target: 'file', links: ['link'] });
      expect(await tree.follow(sha, 'link', 300_000)).toMatchObject({ ...large, content });
      for (const most of [5, 4, 5])
        expect((await tree.read(sha, 'small', most))?.content?.toString() ?? null).toBe(most === 5 ? '12345' : null);
      expect(await tree.read(sha, 'empty', 0)).toMatchObject({ size: 0, content: Buffer.alloc(0) });
      expect(await tree.read(sha, 'none', 0)).toBeNull();
    });

    test('are not followed through a link that is longer than a path can be', async () => {
      const long = `${'./'.repeat(2046)}file`;
      const files = {
        file: 'text',
        just: { mode: '120000' as const, content: long },
        long: { mode: '120000' as const, content: `./${long}` },
      };
      const sha = await at.repo.commit({ files });
      await at.mirror.remote.fetch([sha]);
      expect((await at.mirror.tree.follow(sha, 'just', plenty))?.content?.toString()).toBe('text');
      expect(await at.mirror.tree.follow(sha, 'long', plenty)).toBeNull();
      expect((await at.mirror.tree.read(sha, 'long', plenty))?.size).toBe(4098);
    });

    test('take any name that git takes', async () => {
      const names = [
        '--upload-pack=x',
        '$(id)',
        '-rf',
        '"q"',
        "it's",
        'new\nline',
        'tab\there',
        'back\\slash',
        ' blank ',
        '*',
        ':x',
        'ä/ö',
        'e\u0301',
      ];
      const first = await at.repo.commit({ files: { a: '1' } });
      const sha = await at.repo.commit({ files: Object.fromEntries(names.map((name) => [name, name])) });
      await at.mirror.remote.fetch([sha]);
      expect([...(await at.mirror.history.changedPaths(first, sha))].sort()).toEqual([...names].sort());
      for (const name of names) expect((await at.mirror.tree.read(sha, name, plenty))?.content?.toString()).toBe(name);
      expect(await at.mirror.tree.list(sha, 'ä')).toMatchObject([{ path: 'ö' }]);
    });
  });

  describe('contents', () => {
    test('come in the order asked for, doubles and empty ones included', async () => {
      const sha = await at.repo.commit({ files: { a: 'one', b: '', c: 'three\n' } });
      await at.mirror.remote.fetch([sha]);
      const [a, b, c] = [...(await at.mirror.tree.list(sha, ''))].map(({ blob }) => blob) as [string, string, string];
      expect(await texts(at.mirror.tree.blobs([c, a, b, a]))).toEqual(['three\n', 'one', '', 'one']);
      expect(await texts(at.mirror.tree.blobs([]))).toEqual([]);
    });

    test('come from a host that answers from bitmaps', async () => {
      const sha = await at.repo.commit({ files: { a: 'one' } });
      await at.repo.git('repack', '-a', '-d', '--write-bitmap-index', '--quiet');
      await at.mirror.remote.fetch([sha]);
      expect((await at.mirror.tree.read(sha, 'a', plenty))?.content?.toString()).toBe('one');
    });

    test('are skipped where the reader does not want them, and left where it stops', async () => {
      const sha = await at.repo.commit({ files: { a: randomBytes(3_000_000), b: 'end' } });
      await at.mirror.remote.fetch([sha]);
      const ids = [...(await at.mirror.tree.list(sha, ''))].map(({ blob }) => blob);
      const sizes: number[] = [];
      for await (const content of at.mirror.tree.blobs([...ids, ...ids])) {
        sizes.push(content.size);
        if (sizes.length === 3) for await (const chunk of content.chunks) if (chunk.length > 0) break;
      }
      expect(sizes).toEqual([3_000_000, 3, 3_000_000, 3]);
      for await (const content of at.mirror.tree.blobs(ids)) {
        expect(content.blob).toBe(ids[0]);
        break;
      }
    });

    test('that the host no longer has are commit-not-found', async () => {
      const root = await at.repo.commit({ files: { a: '1' } });
      await expect(texts(at.mirror.tree.blobs([absent]))).rejects.toMatchObject({ code: 'commit-not-found' });
      await expect(texts(at.mirror.tree.blobs(['--batch-all-objects']))).rejects.toMatchObject({
        code: 'commit-not-found',
      });
      await at.mirror.remote.fetch([root]);
      const id = [...(await at.mirror.tree.list(root, ''))].map(({ blob }) => blob);
      await expect(texts(at.mirror.tree.blobs([...id, absent]))).rejects.toMatchObject({ code: 'commit-not-found' });
    });

    test('of which the host has none of thousands are commit-not-found', async () => {
      const ids = Array.from({ length: 4000 }, (_, at) => at.toString(16).padStart(40, 'f'));
      await at.repo.commit({ files: { a: '1' } });
      await expect(texts(at.mirror.tree.blobs(ids))).rejects.toMatchObject({ code: 'commit-not-found' });
    });
  });
}
