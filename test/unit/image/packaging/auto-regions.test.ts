import { autoRegions, type AutoRegionsRequest } from '../../../../src/image/packaging/auto-regions.js';
import { countedPaths } from '../../../support/counted-paths.js';
import { inlineReading } from '../../../support/reading.js';

const counts = async (request: Partial<AutoRegionsRequest>, path: string): Promise<boolean> =>
  (await countedPaths({ context: '', sources: 'whole', ignore: null, ...request }, [path])).length > 0;

test.each<[Partial<AutoRegionsRequest>, string, boolean]>([
  [{}, 'any/thing', true],
  [{ context: 's' }, 's/x', true],
  [{ context: 's' }, 'other/x', false],
  [{ context: 's' }, 'sx', false],
  [{ sources: ['.'] }, 'a/b', true],
  [{ sources: ['src', 'pom.xml'] }, 'src/a/b', true],
  [{ sources: ['src', 'pom.xml'] }, 'pom.xml', true],
  [{ sources: ['src', 'pom.xml'] }, 'srcs/a', false],
  [{ sources: ['src', 'pom.xml'] }, 'a/src/b', false],
  [{ sources: ['target/*.jar'] }, 'target/a.jar', true],
  [{ sources: ['target/*.jar'] }, 'target/sub/a.jar', false],
  [{ sources: ['*/lib'] }, 'x/lib/deep/y', true],
  [{ sources: ['['] }, 'any', true],
  [{ sources: [] }, 'any', false],
  [{ context: 's', sources: ['src'] }, 's/src/a', true],
  [{ context: 's', sources: ['src'] }, 'src/a', false],
  [{ context: 's', sources: ['src'], ignore: '**/*.md' }, 's/src/a.md', false],
  [{ context: 's', ignore: 'src' }, 'src/a', false],
  [{ ignore: '[' }, 'a', true],
])('with %j the path %j counts: %j', async (request, path, expected) => {
  expect(await counts(request, path)).toBe(expected);
});

test('the patterns read like paths of the repository', () => {
  const { included, excluded } = autoRegions(
    { context: 's', sources: ['src', '.'], ignore: 'x' },
    inlineReading.regions,
  );
  expect([...included, ...excluded].map(({ text }) => text)).toEqual(['s/src', 's/**', 's/.dockerignore']);
});
