import { prepare } from '../../../support/prepared-context.js';
import type { MemoryFile } from '../../../support/memory-tree.js';

const pointer = (size: number) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${'4'.repeat(64)}\nsize ${size}\n`;
const submodule = { submodule: true } as const;
const none = { count: 0, first: [] };

const unfetched = async (files: Record<string, MemoryFile>, sources: readonly string[] | 'whole' = 'whole') =>
  (await prepare({ files: { 'docker/Dockerfile': 'FROM scratch\n', 'src/a': '1', ...files }, sources })).unfetched();

describe('what a context lacks', () => {
  test('is the submodules that are read', async () => {
    const files = { lib: submodule, 'vendor/one': submodule, 'vendor/two': submodule };
    const read = async (...sources: string[]) => (await unfetched(files, sources)).submodules;
    expect((await unfetched(files)).submodules).toEqual({ count: 3, first: ['lib', 'vendor/one', 'vendor/two'] });
    expect(await read('src')).toEqual(none);
    expect(await read('lib')).toEqual({ count: 1, first: ['lib'] });
    expect(await read('lib/src/a.c')).toEqual({ count: 1, first: ['lib'] });
    expect(await read('vendor/*/src')).toEqual({ count: 2, first: ['vendor/one', 'vendor/two'] });
    expect((await unfetched({ ...files, '.dockerignore': 'vendor\n' })).submodules).toEqual({
      count: 1,
      first: ['lib'],
    });
  });

  test('is all of it where the context is a submodule', async () => {
    const files = { 'docker/Dockerfile': 'FROM scratch\n', lib: submodule };
    const { unfetched: of } = await prepare({ files, settings: { context: 'lib' } });
    expect((await of()).submodules).toEqual({ count: 1, first: ['lib'] });
  });

  test('is the content of LFS pointers that are read, below the context', async () => {
    const files = {
      'docker/Dockerfile': 'FROM scratch\n',
      'app/a.bin': pointer(1),
      'app/b.bin': { run: pointer(123_456_789) },
      'app/long.bin': pointer(1).padEnd(1_023, '\n'),
      'app/longer.bin': pointer(1).padEnd(1_024, '\n'),
      'app/link': { link: `${'x'.repeat(130)}` },
      'app/text': `about version https://git-lfs.github.com/spec/v1 ${'x'.repeat(130)}`,
      'other/c.bin': pointer(1),
    };
    const of = async (sources: readonly string[] | 'whole') =>
      (await (await prepare({ files, settings: { context: 'app' }, sources })).unfetched()).pointers;
    expect(await of('whole')).toEqual({ count: 3, first: ['app/a.bin', 'app/b.bin', 'app/long.bin'] });
    expect(await of(['b.bin', 'text'])).toEqual({ count: 1, first: ['app/b.bin'] });
  });

  test('is found among many small files by opening the smallest alone', async () => {
    const many = Object.fromEntries(Array.from({ length: 5_100 }, (_, at) => [`n/${at}`, `${at}`.padEnd(140)]));
    expect((await unfetched({ ...many, 'z.bin': pointer(7) })).pointers).toEqual({ count: 1, first: ['z.bin'] });
  });
});
