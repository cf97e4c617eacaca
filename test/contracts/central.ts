import type { Central, CentralTree } from '../../src/image/packaging/central.js';
import type { MemoryFile } from '../support/memory-tree.js';

/** Central dockerfiles that a test can change. */
export interface CentralHarness {
  readonly central: Central;
  /** Replaces all files by these; paths begin with a service's name. */
  write(files: Readonly<Record<string, MemoryFile>>): Promise<void>;
  close(): Promise<void>;
}

const listed = async (tree: CentralTree, service: string) =>
  (await tree.files(service)).map(({ path, mode, content }) => [path, mode, content.toString()]);

/** What all central dockerfiles do, wherever they are. */
export function centralContract(kind: string, create: () => Promise<CentralHarness>): void {
  describe(`central dockerfiles in ${kind}`, () => {
    let harness: CentralHarness;
    beforeEach(async () => {
      harness = await create();
    });
    afterEach(() => harness.close());

    test('give the files below the folder of a service, with modes, sorted by bytes', async () => {
      await harness.write({
        'app/b/x': '1',
        'app/Dockerfile': 'FROM a',
        'app/a.sh': { run: '2' },
        'app2/Dockerfile': 'no',
        README: 'no',
      });
      expect(await listed(await harness.central.current(), 'app')).toEqual([
        ['Dockerfile', '100644', 'FROM a'],
        ['a.sh', '100755', '2'],
        ['b/x', '100644', '1'],
      ]);
    });

    test('give the files of a folder that services share', async () => {
      await harness.write({ '_shared/wait.sh': { run: '1' }, 'shared/other': '2' });
      expect(await listed(await harness.central.current(), '_shared')).toEqual([['wait.sh', '100755', '1']]);
    });

    test('give links as links, also those that lead out', async () => {
      await harness.write({
        'app/in': { link: 'Dockerfile' },
        'app/out': { link: '/etc/passwd' },
        'app/folder': { link: '..' },
      });
      expect(await listed(await harness.central.current(), 'app')).toEqual([
        ['folder', '120000', '..'],
        ['in', '120000', 'Dockerfile'],
        ['out', '120000', '/etc/passwd'],
      ]);
    });

    test("have git's id for each content", async () => {
      await harness.write({ 'app/Dockerfile': 'hello\n', 'app/empty': '' });
      expect((await (await harness.central.current()).files('app')).map(({ blob }) => blob)).toEqual([
        'ce013625030ba8dba906f756967f9e9ca394464a',
        'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391',
      ]);
    });

    test('give nothing for a service without a folder, or whose name is a file', async () => {
      await harness.write({ 'app/Dockerfile': 'FROM a', file: '' });
      const tree = await harness.central.current();
      expect(await tree.files('other')).toEqual([]);
      expect(await tree.files('file')).toEqual([]);
    });

    test('tell of several folders at once what they hold, and their Dockerfiles', async () => {
      await harness.write({
        'app/Dockerfile': 'FROM a',
        'app/deep/run.sh': '1',
        'linked/Dockerfile': { link: 'real' },
        'linked/real': 'FROM b',
        'bare/run.sh': '2',
        'other/Dockerfile': 'FROM c',
        Dockerfile: 'FROM d',
      });
      const tree = await harness.central.current();
      expect([...(await tree.outlines(['app', 'linked', 'bare', 'none']))]).toEqual([
        ['app', { paths: ['Dockerfile', 'deep/run.sh'], dockerfile: 'FROM a' }],
        ['linked', { paths: ['Dockerfile', 'real'], dockerfile: 'FROM b' }],
        ['bare', { paths: ['run.sh'], dockerfile: null }],
        ['none', { paths: [], dockerfile: null }],
      ]);
    });

    test('tell of a Dockerfile in lower case where there is no other', async () => {
      await harness.write({ 'app/dockerfile': 'FROM a', 'both/Dockerfile': 'FROM b', 'both/dockerfile': 'FROM c' });
      const outlines = await (await harness.central.current()).outlines(['app', 'both']);
      expect([...outlines.values()].map(({ dockerfile }) => dockerfile)).toEqual(['FROM a', 'FROM b']);
    });

    test('are refused beyond a size that no packaging has', async () => {
      const part = Buffer.alloc(33 * 1024 * 1024);
      await harness.write({ 'app/Dockerfile': 'FROM a', 'app/one': part, 'app/two': part, 'other/one': part });
      const tree = await harness.central.current();
      await expect(tree.files('app')).rejects.toMatchObject({ code: 'dockerfile-invalid' });
      expect(await tree.files('other')).toHaveLength(1);
    });

    test('tell of a Dockerfile that is too large as of none', async () => {
      const large = 'FROM a\n'.padEnd(1_048_577, '#');
      await harness.write({
        'app/Dockerfile': large,
        'just/Dockerfile': large.slice(1),
        'linked/Dockerfile': { link: 'real' },
        'linked/real': large,
      });
      const outlines = await (await harness.central.current()).outlines(['app', 'just', 'linked']);
      expect([...outlines.values()].map(({ dockerfile }) => dockerfile?.length)).toEqual([
        undefined,
        1_048_576,
        undefined,
      ]);
    });

    test('hold bytes of any kind and files of some size', async () => {
      const content = Buffer.alloc(300_000, Buffer.from([0, 255, 10, 13]));
      await harness.write({ 'app/blob': content });
      const [file] = await (await harness.central.current()).files('app');
      expect(file?.content.equals(content)).toBe(true);
    });

    test('answer the same for one state, and read again for the next', async () => {
      await harness.write({ 'app/Dockerfile': 'FROM a' });
      const before = await harness.central.current();
      await before.files('app');
      await harness.write({ 'app/Dockerfile': 'FROM b' });
      expect(await listed(before, 'app')).toEqual([['Dockerfile', '100644', 'FROM a']]);
      expect(await listed(await harness.central.current(), 'app')).toEqual([['Dockerfile', '100644', 'FROM b']]);
    });

    test.each(['..', '.', '', 'a/b', '/etc', '.git', '_', '__a', '_/a', '_..'])(
      'refuse %j as the name of a service',
      async (name) => {
        await harness.write({ 'app/Dockerfile': 'FROM a' });
        await expect((await harness.central.current()).files(name)).rejects.toMatchObject({ code: 'unsafe-path' });
      },
    );
  });
}
