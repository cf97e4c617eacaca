import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContextRequest } from '../../../../src/image/context/context.js';
import { contents, paths, pathsIn, prepare } from '../../../support/prepared-context.js';

const D = { Dockerfile: 'FROM a\nCOPY . .' };

describe('a context', () => {
  test('is the tree below its folder, with modes, links as links, sorted by bytes', async () => {
    const files = {
      's/Dockerfile': 'FROM a',
      's/b': '1',
      's/B': '2',
      's/run': { run: 'x' },
      's/l': { link: '../out' },
      out: 'no',
    };
    const prepared = await prepare({ files, settings: { path: 's' } });
    expect(await contents(prepared)).toEqual({ B: '2', Dockerfile: 'FROM a', b: '1', l: '-> ../out', run: 'x' });
    expect(paths(prepared)).toEqual(['B', 'Dockerfile', 'b', 'l', 'run']);
    expect([...prepared.context.entries].map(({ mode }) => mode)).toEqual([
      '100644',
      '100644',
      '100644',
      '120000',
      '100755',
    ]);
    expect(prepared).toMatchObject({ dockerfile: 'Dockerfile', scope: 'whole' });
  });

  test('that does not exist at the commit is refused, as by Docker; one of central files or of an artifact exists', async () => {
    const settings = { context: 'no', dockerfile: 'Dockerfile' } as const;
    await expect(prepare({ files: D, settings })).rejects.toMatchObject({
      code: 'invalid-configuration',
      message: 'The context no does not exist at the commit.',
    });
    const artifact = { path: 'no/app.jar', file: '/a', sha256: 'b'.repeat(64), size: 3 };
    expect(paths(await prepare({ files: D, settings, artifact }))).toContain('app.jar');
    const ofCentral = { path: 'no', context: 'no/docker', dockerfile: null };
    expect(
      paths(await prepare({ files: { a: '1' }, settings: ofCentral, central: { 'app/Dockerfile': 'FROM a' } })),
    ).toEqual(['Dockerfile']);
    const module = { files: { ...D, no: { submodule: true } }, settings } as const;
    expect((await prepare(module)).scope).toBe('whole');
    const excluded = { files: { ...D, 'no/a': '1', 'Dockerfile.dockerignore': '*' }, settings };
    expect((await prepare(excluded)).scope).toBe('whole');
    expect((await prepare({ files: { 'docker/Dockerfile': 'FROM a' }, settings: { context: '' } })).scope).toBe(
      'whole',
    );
  });

  test('opens any of its entries in any order', async () => {
    const { context } = await prepare({ files: { ...D, a: '1', b: '22' }, central: {} });
    const names: string[] = [];
    for await (const { entry } of context.open([...context.entries].reverse())) names.push(entry.path);
    expect(names).toEqual(['b', 'a', 'Dockerfile']);
  });

  test('holds a docker folder that is a link as a link, and the Dockerfile apart from it', async () => {
    const files = { docker: { link: 'shared' }, 'shared/Dockerfile': 'FROM a', 'shared/run.sh': 'x' };
    const prepared = await prepare({ files });
    const { apart } = prepared.context;
    expect(apart?.dockerfile.toString()).toBe('FROM a');
    expect(apart && pathsIn(await apart.offer([]))).toEqual(['docker', 'shared/Dockerfile', 'shared/run.sh']);
    expect(paths(prepared)).toEqual(['.slipway.Dockerfile', 'docker', 'shared/Dockerfile', 'shared/run.sh']);
    const copied = (await prepare({ files, sources: ['docker/run.sh'] })).context.apart;
    expect(copied && pathsIn(await copied.offer(['docker/run.sh']))).toEqual(['docker', 'shared/run.sh']);
  });

  test('is named after repository, folder and Dockerfile', async () => {
    const { context } = await prepare({ files: { 's/docker/Dockerfile': 'FROM a' }, settings: { path: 's' } });
    expect(context.key).toBe('abc/app:s:s/docker/Dockerfile');
  });

  test('lacks what .dockerignore leaves out, and keeps folders that it empties', async () => {
    const files = {
      ...D,
      '.dockerignore': '**/*.md\nout\n',
      'doc/a.md': '',
      'doc/sub/b.md': '',
      'out/x': '',
      'src/a.md': '',
      'src/b': '',
    };
    const prepared = await prepare({ files });
    expect(paths(prepared)).toEqual(['.dockerignore', 'Dockerfile', 'src/b']);
    expect(prepared.context.folders).toEqual(['doc/sub']);
  });

  test.each(['../x', 'a/../../x', '.git/config', 'a/.GIT/x', '/x', 'a//b'])(
    'refuses a tree with the path %j',
    async (path) => {
      await expect(prepare({ files: { ...D, [path]: '' } })).rejects.toMatchObject({ code: 'unsafe-path' });
    },
  );
});

describe('a pruned context', () => {
  const files = {
    Dockerfile: 'FROM a\nCOPY src pom.xml /app/',
    'pom.xml': '',
    'src/main/A.java': '',
    'src/link': { link: '../big/x' },
    'big/x': '',
    'target/a.jar': '',
    'target/b.jar': '',
    'target/c.txt': '',
    'target/sub/d.jar': '',
    'empty/x.md': '',
    '.dockerignore': '*.md\n**/x.md',
    current: { link: 'versions/2' },
    'versions/1/f': '',
    'versions/2/f': '',
    'versions/2/g': { link: '/big' },
    '[x]': '',
  };

  test.each<[readonly string[], readonly string[]]>([
    [[], []],
    [['pom.xml'], ['pom.xml']],
    [
      ['src', 'pom.xml'],
      ['pom.xml', 'src/link', 'src/main/A.java'],
    ],
    [['missing'], []],
    [['target/*.jar'], ['target/a.jar', 'target/b.jar']],
    // A link that a glob fits is looked through as well.
    [['*/a.jar'], ['current', 'target/a.jar']],
    [['t?rget/[bc].*'], ['target/b.jar', 'target/c.txt']],
    [['target/**'], ['target/a.jar', 'target/b.jar', 'target/c.txt', 'target/sub/d.jar']],
    [['current'], ['current', 'versions/2/f', 'versions/2/g']],
    [['current/f'], ['current', 'versions/2/f']],
    [['current/g/x'], ['big/x', 'current', 'versions/2/g']],
    [['cur*/f'], ['current', 'versions/2/f']],
    [['src/link'], ['big/x', 'src/link']],
    [['[x]'], ['[x]']],
  ])('for the sources %j holds %j and the Dockerfile', async (sources, expected) => {
    const prepared = await prepare({ files, sources });
    expect(paths(prepared).filter((path) => path !== 'Dockerfile')).toEqual(expected);
    expect(paths(prepared)).toContain('Dockerfile');
    expect(prepared.scope).toBe('pruned');
  });

  test('keeps a folder that is read and has been emptied, and no other', async () => {
    expect((await prepare({ files, sources: ['empty'] })).context.folders).toEqual(['empty']);
    expect((await prepare({ files, sources: ['src'] })).context.folders).toEqual([]);
  });

  test('is whole for a source that is the root, also through a link', async () => {
    expect((await prepare({ files, sources: ['.'] })).scope).toBe('whole');
    expect((await prepare({ files: { ...files, self: { link: '.' } }, sources: ['self'] })).scope).toBe('whole');
  });

  test('ends at a link that is longer than a path can be, of which nothing is read', async () => {
    const to = (length: number) => ({ link: `${'./'.repeat((length - 1) / 2)}x` });
    const read = async (length: number) =>
      paths(await prepare({ files: { ...D, a: to(length), x: '1' }, sources: ['a'] })).filter(
        (path) => path !== 'Dockerfile',
      );
    expect(await read(4095)).toEqual(['a', 'x']);
    expect(await read(4097)).toEqual(['a']);
  });

  test('ends where links lead in a circle', async () => {
    const circle = { ...D, a: { link: 'b' }, b: { link: 'a' } };
    expect(paths(await prepare({ files: circle, sources: ['a/x'] }))).toEqual(['Dockerfile', 'a', 'b']);
  });
});

describe('the Dockerfile', () => {
  test('stays out of sight where it is ignored, and what is read is known: beside the context, its sources prefixed', async () => {
    const files = { Dockerfile: 'FROM a\nCOPY . /app/', '.dockerignore': 'Dockerfile', x: '1' };
    const prepared = await prepare({ files, sources: ['.'] });
    expect(await contents(prepared)).toEqual({
      Dockerfile: 'FROM a\nCOPY context/ /app/',
      'context/.dockerignore': 'Dockerfile',
      'context/x': '1',
    });
    expect(prepared.dockerfile).toBe('Dockerfile');
  });

  test('gets a name of its own where nothing that is read could show it', async () => {
    const files = { 'docker/Dockerfile': 'FROM a\nCOPY x /', x: '1', y: '2', 'c/z': '3' };
    const prepared = await prepare({
      files,
      settings: { dockerfile: 'docker/Dockerfile', context: 'c' },
      sources: ['x'],
    });
    expect(prepared.dockerfile).toBe('.slipway.Dockerfile');
    expect(await contents(prepared)).toEqual({ '.slipway.Dockerfile': 'FROM a\nCOPY x /' });
  });

  test('has its own name, though ignored, where what is read is not known', async () => {
    const prepared = await prepare({ files: { ...D, '.dockerignore': '*' } });
    expect(paths(prepared)).toEqual(['Dockerfile']);
  });

  test('that is a link is sent as what it leads to', async () => {
    const prepared = await prepare({ files: { Dockerfile: { link: 'b/D' }, 'b/D': 'FROM a', x: '' }, sources: ['x'] });
    expect(await contents(prepared)).toEqual({ '.slipway.Dockerfile': 'FROM a', x: '' });
  });

  test('in an emptied context leaves an empty folder to be copied', async () => {
    const { context } = await prepare({ files: { ...D, '.dockerignore': '*' }, sources: ['.'] });
    expect(context.folders).toEqual(['context']);
  });
});

describe('the central folder', () => {
  const central = { 'app/Dockerfile': 'FROM a', 'app/run.sh': { run: 'go' } } as const;

  test('takes the place of the docker folder whole', async () => {
    const files = { 'docker/old.sh': 'hidden', src: '1' };
    expect(await contents(await prepare({ files, central }))).toEqual({
      'docker/Dockerfile': 'FROM a',
      'docker/run.sh': 'go',
      src: '1',
    });
  });

  test('is the context where the docker folder is', async () => {
    const prepared = await prepare({
      files: { 'p/docker/old.sh': '' },
      settings: { path: 'p', context: 'p/docker' },
      central,
    });
    expect(await contents(prepared)).toEqual({ Dockerfile: 'FROM a', 'run.sh': 'go' });
  });

  test('gives the Dockerfile alone where the docker folder is outside the context', async () => {
    const files = { 'p/docker/old.sh': '', 'c/x': '1' };
    const prepared = await prepare({ files, settings: { path: 'p', context: 'c' }, central, sources: ['x'] });
    expect(await contents(prepared)).toEqual({ '.slipway.Dockerfile': 'FROM a', x: '1' });
  });

  test('obeys .dockerignore as if the application repository had it', async () => {
    const files = { '.dockerignore': 'docker/*.sh', src: '1' };
    expect(paths(await prepare({ files, central }))).toEqual(['.dockerignore', 'docker/Dockerfile', 'src']);
  });
});

describe('an artifact', () => {
  let folder: string;
  let artifact: NonNullable<ContextRequest['artifact']>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-artifact-'));
    const file = join(folder, 'stored');
    await writeFile(file, 'bytes');
    artifact = { path: 'target/app.jar', file, sha256: 'ab12', size: 5 };
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('lands at its path whatever .dockerignore says', async () => {
    const prepared = await prepare({ files: { ...D, '.dockerignore': 'target\n**/*.jar' }, artifact });
    expect(await contents(prepared)).toMatchObject({ 'target/app.jar': 'bytes' });
    expect([...prepared.context.entries].find(({ path }) => path === 'target/app.jar')).toMatchObject({
      mode: '100644',
      id: 'sha256:ab12',
      size: 5,
    });
  });

  test('takes the place of a tracked file, of a folder, and of a file in its way', async () => {
    for (const tracked of ['target/app.jar', 'target/app.jar/x', 'target']) {
      const prepared = await prepare({ files: { ...D, [tracked]: 'old' }, artifact });
      expect(await contents(prepared)).toEqual({ ...D, 'target/app.jar': 'bytes' });
    }
  });

  test('has a path relative to the repository, not to the context', async () => {
    const files = { 's/Dockerfile': 'FROM a' };
    const prepared = await prepare({
      files,
      settings: { path: 's' },
      artifact: { ...artifact, path: 's/target/app.jar' },
    });
    expect(paths(prepared)).toEqual(['Dockerfile', 'target/app.jar']);
  });

  test('is refused outside the context', async () => {
    const given = { files: { 's/Dockerfile': 'FROM a' }, settings: { path: 's' } };
    await expect(prepare({ ...given, artifact })).rejects.toMatchObject({ code: 'invalid-configuration' });
    await expect(prepare({ ...given, artifact: { ...artifact, path: '../x' } })).rejects.toMatchObject({
      code: 'unsafe-path',
    });
  });
});
