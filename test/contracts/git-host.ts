import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlobContent, GitHost, Mirror } from '../../src/git/contract.js';
import { startTestGitHost, type TestGitHost, type TestRepo } from '../support/git.js';

/** Contents of blobs as text. */
export async function texts(contents: AsyncIterable<BlobContent>): Promise<string[]> {
  const all: string[] = [];
  for await (const content of contents) all.push(await text(content));
  return all;
}

async function text(content: BlobContent): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of content.chunks) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const absent = '1234567890123456789012345678901234567890';

/** What every GitHost does, over whatever transport; `create` makes one for the test host with an empty folder. */
export function gitHostContract(transport: string, create: (host: TestGitHost, dir: string) => GitHost): void {
  describe(`a git host over ${transport}`, () => {
    let host: TestGitHost;
    let dir: string;
    let git: GitHost;
    let number = 0;
    let repo: TestRepo;
    let mirror: Mirror;

    beforeAll(async () => {
      host = await startTestGitHost();
      dir = await mkdtemp(join(tmpdir(), 'slipway-mirrors-'));
      git = create(host, dir);
      await git.prepare();
    });
    beforeEach(async () => {
      number += 1;
      repo = await host.repo(`abc/app-${number}`);
      mirror = git.mirror(repo.name);
    });
    afterAll(async () => {
      await host.close();
      await rm(dir, { recursive: true, force: true });
    });

    test('gives the same mirror for the same name', () => {
      expect(git.mirror(repo.name)).toBe(mirror);
    });

    test('refuses names that are not owner/name', () => {
      for (const name of [
        'app',
        '../abc/app',
        'abc/..',
        'abc/.',
        '/etc/app',
        'abc/app/x',
        '--upload-pack=x/y',
        '.tmp/x',
        'a b/c',
        '',
      ]) {
        expect(() => git.mirror(name)).toThrow(expect.objectContaining({ code: 'unsafe-path' }));
      }
    });

    describe('references', () => {
      test('name the default branch, heads, and tags by the commits behind them', async () => {
        const first = await repo.commit({ files: { a: '1' } });
        const second = await repo.commit({ files: { a: '2' }, branch: 'release/1.0' });
        await repo.tag('light', first);
        await repo.tag('v1', second, 'Annotated');
        await repo.setDefaultBranch('release/1.0');
        const refs = await mirror.remote.refs();
        expect(refs.defaultBranch).toBe('release/1.0');
        expect([...refs.heads]).toEqual([
          ['main', first],
          ['release/1.0', second],
        ]);
        expect([...refs.tags]).toEqual([
          ['light', first],
          ['v1', second],
        ]);
      });

      test('of an empty repository are none', async () => {
        expect(await mirror.remote.refs()).toEqual({ defaultBranch: null, heads: new Map(), tags: new Map() });
        await mirror.remote.fetch([absent]);
      });

      test('may have hostile names', async () => {
        const sha = await repo.commit({ files: { a: '1' } });
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
        for (const name of names) await repo.branch(name, sha);
        const refs = await mirror.remote.refs();
        expect([...refs.heads.keys()].sort()).toEqual([...names, 'main'].sort());
        await mirror.remote.fetch([sha]);
        expect(await mirror.history.resolve('deadbeef')).toBeNull();
        await repo.deleteBranch('$(id)');
        await mirror.remote.fetch([await repo.commit({ files: { a: '2' } })]);
      });
    });

    describe('fetching', () => {
      test('brings commits, and only those that were wanted need to exist', async () => {
        const first = await repo.commit({ files: { a: '1' } });
        expect(await mirror.history.has(first)).toBe(false);
        await mirror.remote.fetch([first, absent, 'main', '--all']);
        expect(await mirror.history.has(first)).toBe(true);
        expect(await mirror.history.has(absent)).toBe(false);
        expect(await mirror.history.has('main')).toBe(false);
      });

      test('keeps a commit that was force-pushed away', async () => {
        const root = await repo.commit({ files: { a: '1' } });
        const lost = await repo.commit({ files: { a: '2' } });
        await mirror.remote.fetch([lost]);
        const next = await repo.commit({ files: { a: '3' }, parents: [root] });
        await repo.forgetUnreachable();
        await mirror.remote.fetch([next]);
        expect(await mirror.history.has(lost)).toBe(true);
        expect(await mirror.history.changedPaths(lost, next)).toEqual(['a']);
        expect(await mirror.history.between(lost, next)).toMatchObject([{ sha: next }]);
      });

      test('asks by id for a commit that no reference reaches', async () => {
        const root = await repo.commit({ files: { a: '1' } });
        const lost = await repo.commit({ files: { a: '2' }, parents: [root], branch: null });
        await mirror.remote.fetch([lost]);
        expect(await mirror.history.count(lost)).toBe(2);
      });

      test('gets over a branch that became a folder of branches, and back', async () => {
        const shas: string[] = [];
        await repo.commit({ files: { a: '0' } });
        for (const [gone, branch] of [
          ['', 'x'],
          ['x', 'x/y'],
          ['x/y', 'x'],
          ['main', 'main/y'],
        ] as const) {
          if (gone !== '') await repo.deleteBranch(gone);
          shas.push(await repo.commit({ files: { a: branch + gone }, branch }));
          await mirror.remote.fetch(shas.slice(-1));
        }
        for (const sha of shas) expect(await mirror.history.has(sha)).toBe(true);
      });

      test('may be asked for by many at once', async () => {
        const shas: string[] = [];
        for (let at = 0; at < 5; at += 1) shas.push(await repo.commit({ files: { a: `${at}` }, branch: `b${at}` }));
        await Promise.all([...shas, ...shas].map((sha) => mirror.remote.fetch([sha])));
        for (const sha of shas) expect(await mirror.history.has(sha)).toBe(true);
      });
    });

    describe('history', () => {
      test('counts as the host does, merges included', async () => {
        const root = await repo.commit({ files: { a: '1' } });
        const left = await repo.commit({ files: { a: '2' } });
        const right = await repo.commit({ files: { b: '2' }, parents: [root], branch: 'side' });
        const merge = await repo.commit({ files: { b: '2' }, parents: [left, right] });
        await mirror.remote.fetch([merge]);
        expect(await mirror.history.count(merge)).toBe(Number(await repo.git('rev-list', '--count', merge)));
        expect((await mirror.history.between(root, merge)).map(({ sha }) => sha)).toEqual([merge, right, left]);
      });

      test('gives the whole message and the committer time in seconds', async () => {
        const message = 'Größe\n\n[skip ci] 日本\n\ntrailer: "x"\n';
        const sha = await repo.commit({ files: { a: '1' }, message, time: 1_600_000_000 });
        const next = await repo.commit({ files: { a: '2' }, message: '' });
        await mirror.remote.fetch([next]);
        expect(await mirror.history.info(sha)).toEqual({ sha, time: 1_600_000_000, message });
        expect(await mirror.history.info(next)).toMatchObject({ sha: next, message: '' });
        expect(await mirror.history.between(sha, sha)).toEqual([]);
      });

      test('resolves abbreviated ids of commits alone', async () => {
        const sha = await repo.commit({ files: { a: '1' } });
        await mirror.remote.fetch([sha]);
        const tree = await repo.git('rev-parse', `${sha}^{tree}`);
        expect(await mirror.history.resolve(sha.slice(0, 7))).toBe(sha);
        expect(await mirror.history.resolve(sha.toUpperCase())).toBe(sha);
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
          expect(await mirror.history.resolve(odd)).toBeNull();
        }
      });

      test('says so where a commit is not there', async () => {
        const sha = await repo.commit({ files: { a: '1' } });
        await mirror.remote.fetch([sha]);
        const missing = expect.objectContaining({ code: 'commit-not-found' });
        for (const bad of [absent, 'main', '--all', `${sha} --all`, '', await repo.git('rev-parse', `${sha}:a`)]) {
          await expect(mirror.history.info(bad)).rejects.toEqual(missing);
          await expect(mirror.history.count(bad)).rejects.toEqual(missing);
          await expect(mirror.history.between(bad, sha)).rejects.toEqual(missing);
          await expect(mirror.history.changedPaths(sha, bad)).rejects.toEqual(missing);
          await expect(mirror.tree.list(bad, '')).rejects.toEqual(missing);
          await expect(mirror.tree.read(bad, 'a')).rejects.toEqual(missing);
        }
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
        ['nothing where nothing changed', { a: '1' }, {}, []],
      ])('are %s', async (_what, before, after, expected) => {
        const from = await repo.commit({ files: before });
        const to = await repo.commit({ files: after });
        await mirror.remote.fetch([to]);
        expect(await mirror.history.changedPaths(from, to)).toEqual(expected);
      });

      test('are found by the thousand', async () => {
        const paths = Array.from({ length: 5000 }, (_, at) => `folder-${at % 50}/file-${at}.txt`);
        const from = await repo.commit({ files: { a: '1' } });
        const to = await repo.commit({ files: Object.fromEntries(paths.map((path) => [path, path])) });
        await mirror.remote.fetch([to]);
        expect([...(await mirror.history.changedPaths(from, to))].sort()).toEqual([...paths].sort());
        const entries = await mirror.tree.list(to, 'folder-7');
        expect(entries).toHaveLength(100);
        expect(await texts(mirror.tree.blobs(entries.map(({ blob }) => blob)))).toEqual(
          entries.map(({ path }) => `folder-7/${path}`),
        );
      });
    });

    describe('trees', () => {
      test('list files and links in the order of their bytes, without submodules', async () => {
        const sha = await repo.commit({
          files: {
            'b.txt': 'b',
            'b/c': { mode: '100755', content: 'x' },
            'b-': '1',
            link: { mode: '120000', content: 'b/c' },
            sub: { submodule: '1'.repeat(40) },
            '\u{1f600}': 'emoji',
            '\uff21': 'wide',
            é: 'e',
          },
        });
        await mirror.remote.fetch([sha]);
        const entries = await mirror.tree.list(sha, '');
        expect(entries.map(({ path }) => path)).toEqual(['b-', 'b.txt', 'b/c', 'link', 'é', '\uff21', '\u{1f600}']);
        expect(entries.map(({ mode }) => mode).slice(0, 4)).toEqual(['100644', '100644', '100755', '120000']);
        expect(entries[1]?.blob).toBe(await repo.git('rev-parse', `${sha}:b.txt`));
        expect(await mirror.tree.list(sha, 'b')).toEqual([expect.objectContaining({ path: 'c' })]);
        expect((await mirror.tree.read(sha, 'link'))?.toString()).toBe('b/c');
      });

      test('are empty where a folder does not exist or cannot', async () => {
        const sha = await repo.commit({ files: { 'a/b': '1' } });
        await mirror.remote.fetch([sha]);
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
          expect(await mirror.tree.list(sha, folder)).toEqual([]);
        }
        for (const path of ['x', 'a', 'a/', '/a/b', '../a/b', 'a/../a/b', '*', ':(glob)**', 'a/b/c', '', 'a/b\0']) {
          expect(await mirror.tree.read(sha, path)).toBeNull();
        }
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
        const first = await repo.commit({ files: { a: '1' } });
        const sha = await repo.commit({ files: Object.fromEntries(names.map((name) => [name, name])) });
        await mirror.remote.fetch([sha]);
        expect([...(await mirror.history.changedPaths(first, sha))].sort()).toEqual([...names].sort());
        for (const name of names) expect((await mirror.tree.read(sha, name))?.toString()).toBe(name);
        expect(await mirror.tree.list(sha, 'ä')).toMatchObject([{ path: 'ö' }]);
      });
    });

    describe('contents', () => {
      test('come in the order asked for, doubles and empty ones included', async () => {
        const sha = await repo.commit({ files: { a: 'one', b: '', c: 'three\n' } });
        await mirror.remote.fetch([sha]);
        const [a, b, c] = (await mirror.tree.list(sha, '')).map(({ blob }) => blob) as [string, string, string];
        expect(await texts(mirror.tree.blobs([c, a, b, a]))).toEqual(['three\n', 'one', '', 'one']);
        expect(await texts(mirror.tree.blobs([]))).toEqual([]);
      });

      test('are skipped where the reader does not want them, and left where it stops', async () => {
        const sha = await repo.commit({ files: { a: randomBytes(3_000_000), b: 'end' } });
        await mirror.remote.fetch([sha]);
        const ids = (await mirror.tree.list(sha, '')).map(({ blob }) => blob);
        const sizes: number[] = [];
        for await (const content of mirror.tree.blobs([...ids, ...ids])) {
          sizes.push(content.size);
          if (sizes.length === 3) for await (const chunk of content.chunks) if (chunk.length > 0) break;
        }
        expect(sizes).toEqual([3_000_000, 3, 3_000_000, 3]);
        for await (const content of mirror.tree.blobs(ids)) {
          expect(content.blob).toBe(ids[0]);
          break;
        }
      });

      test('that the host no longer has are commit-not-found', async () => {
        const root = await repo.commit({ files: { a: '1' } });
        await expect(texts(mirror.tree.blobs([absent]))).rejects.toMatchObject({ code: 'commit-not-found' });
        await expect(texts(mirror.tree.blobs(['--batch-all-objects']))).rejects.toMatchObject({
          code: 'commit-not-found',
        });
        await mirror.remote.fetch([root]);
        const id = (await mirror.tree.list(root, '')).map(({ blob }) => blob);
        await expect(texts(mirror.tree.blobs([...id, absent]))).rejects.toMatchObject({ code: 'commit-not-found' });
      });
    });

    test('a repository that does not exist is git-unauthorized', async () => {
      const unknown = git.mirror('abc/unknown');
      await expect(unknown.remote.refs()).rejects.toMatchObject({ code: 'git-unauthorized' });
      await expect(unknown.remote.fetch([absent])).rejects.toMatchObject({ code: 'git-unauthorized' });
      expect(await unknown.history.has(absent)).toBe(false);
    });
  });
}
