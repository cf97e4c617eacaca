import { unfetchedSentences, type UnfetchedQuestion } from '../../../../src/image/packaging/unfetched.js';
import { packPaths } from '../../../../src/patterns/packed-paths.js';
import { inlineReading } from '../../../support/reading.js';

interface Case extends Partial<Omit<UnfetchedQuestion, 'submodules' | 'files' | 'attributes'>> {
  readonly submodules?: string[];
  readonly files?: string[];
}

const attributes = [{ folder: '', text: '*.bin filter=lfs\n' }];

async function sentences({ submodules = [], files = [], ...given }: Case): Promise<readonly string[]> {
  const found = await inlineReading.unfetched({
    context: '',
    sources: 'whole',
    ignore: null,
    hidden: null,
    attributes,
    ...given,
    submodules: await packPaths(submodules),
    files: await packPaths(files),
  });
  return unfetchedSentences(found);
}

const submodule = (path: string) => `The Dockerfile reads ${path}, a submodule: its folder is empty in the build.`;
const pointer = (path: string) =>
  `The Dockerfile reads ${path}, which is in Git LFS: the build gets its pointer, not its content.`;

describe('what a build reads and does not get', () => {
  test.each<[string, Case, string[]]>([
    ['a submodule of the whole context', { submodules: ['vendor/lib'] }, [submodule('vendor/lib')]],
    ['a submodule below a source', { submodules: ['vendor/lib'], sources: ['vendor'] }, [submodule('vendor/lib')]],
    ['a submodule that is a source', { submodules: ['lib'], sources: ['lib'] }, [submodule('lib')]],
    ['a submodule above a source', { submodules: ['lib'], sources: ['lib/src/a.c'] }, [submodule('lib')]],
    ['a submodule around the context', { submodules: ['lib'], context: 'lib/x' }, [submodule('lib')]],
    ['a submodule below the context', { submodules: ['app/lib'], context: 'app' }, [submodule('app/lib')]],
    ['a file in LFS', { files: ['a.txt', 'm/a.bin'] }, [pointer('m/a.bin')]],
    ['both', { submodules: ['lib'], files: ['a.bin'] }, [submodule('lib'), pointer('a.bin')]],
    ['neither where no source reads them', { submodules: ['lib'], files: ['a.bin'], sources: ['src'] }, []],
    ['neither outside the context', { submodules: ['lib'], files: ['a.bin'], context: 'app' }, []],
    [
      'neither where .dockerignore excludes them',
      { submodules: ['lib'], files: ['a.bin'], ignore: 'lib\n*.bin\n' },
      [],
    ],
    [
      'neither in a folder that is replaced',
      { submodules: ['docker/lib'], files: ['docker/a.bin'], hidden: 'docker' },
      [],
    ],
  ])('%s', async (_, given, expected) => {
    expect(await sentences(given)).toEqual(expected);
  });

  test('many of one kind are one sentence with a count', async () => {
    const names = Array.from({ length: 2_000 }, (_, at) => `x${at}`);
    expect(await sentences({ submodules: names, files: names.map((name) => `${name}.bin`) })).toEqual([
      'The Dockerfile reads 2,000 submodules, whose folders are empty in the build: x0, x1, x2, x3, x4 and 1,995 more.',
      'The Dockerfile reads 2,000 files that are in Git LFS: the build gets their pointers, not their contents: x0.bin, x1.bin, x2.bin, x3.bin, x4.bin and 1,995 more.',
    ]);
  });

  test('a long path is cut', async () => {
    const [said] = await sentences({ submodules: ['x'.repeat(60_000)] });
    expect(said?.length).toBeLessThan(400);
  });
});
