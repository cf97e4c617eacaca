import type { Pattern } from '../../../../src/model/pattern.js';
import { compilePathPattern, isPatternFault } from '../../../../src/patterns/pattern.js';
import type { AutoRegionsRequest } from '../../../../src/image/packaging/auto-regions.js';
import { drift } from '../../../../src/image/packaging/drift.js';
import { countedPaths } from '../../../support/counted-paths.js';
import { inlineReading } from '../../../support/reading.js';

const compiled = (text: string): Pattern => {
  const pattern = compilePathPattern(text);
  if (isPatternFault(pattern)) throw new Error(pattern.fault);
  return pattern;
};

const files = [
  'Dockerfile',
  'README.md',
  'docker/run.sh',
  'lib/a.js',
  'lib/b.js',
  'package.json',
  'src/deep/b.js',
  'src/main.js',
];

interface Case {
  readonly included: string[];
  readonly excluded?: string[];
  readonly sources: string[] | 'whole';
  readonly ignore?: string;
  readonly context?: string;
  readonly files?: string[];
}

const driftOf = ({ included, excluded = [], sources, ignore, context = '', files: own = files }: Case) =>
  drift({
    regions: { included: included.map(compiled), excluded: excluded.map(compiled) },
    packaging: [compiled('Dockerfile'), compiled('docker/**')],
    context,
    sources,
    ignore: ignore ?? null,
    files: own,
  });

const found = (request: Case) => driftOf(request).map(({ message }) => message);

const outside = (source: string, which: string) =>
  `The Dockerfile copies ${source}, but ${which} lies in no included region: changes there build nothing.`;

describe('a source outside the regions', () => {
  test.each<[string, Case, string[]]>([
    ['a folder', { included: ['src/**'], sources: ['src', 'lib'] }, [outside('lib', 'lib/a.js and 1 more')]],
    ['a file', { included: ['src/**'], sources: ['package.json', 'src'] }, [outside('package.json', 'package.json')]],
    ['a glob', { included: ['src/**'], sources: ['lib/*.js'] }, [outside('lib/*.js', 'lib/a.js and 1 more')]],
    [
      'part of the whole context',
      { included: ['src/**', '*.md'], sources: ['.'] },
      [outside('.', 'lib/a.js and 2 more')],
    ],
    [
      'below a context',
      { included: ['src/*.js'], sources: ['deep'], context: 'src' },
      [outside('deep', 'src/deep/b.js')],
    ],
  ])('is reported: %s', (_, request, expected) => {
    expect(found(request)).toEqual(expected);
  });

  test.each<[string, Case]>([
    ['inside', { included: ['src/**', 'lib/**'], sources: ['src', 'lib'] }],
    ['every path counts', { included: [], sources: ['lib'] }],
    ['excluded by name', { included: ['src/**'], excluded: ['lib/**'], sources: ['src', 'lib'] }],
    ['left out by .dockerignore', { included: ['src/**'], sources: ['src', 'lib'], ignore: 'lib\n' }],
    ['packaging', { included: ['src/**'], sources: ['docker/run.sh'] }],
    ['not in the tree, as an artifact', { included: ['src/**'], sources: ['target/app.jar'] }],
    ['not known', { included: ['src/**'], sources: 'whole' }],
    ['outside the context', { included: ['src/**'], sources: ['lib'], context: 'src' }],
  ])('is not told where it is %s', (_, request) => {
    expect(found(request)).toEqual([]);
  });
});

test('an included region that no file is in is reported; an exclusion may be for files that are to come', () => {
  const request = { included: ['src/**', 'source/**', 'pom.xml'], excluded: ['**/*.md', '**/*.rst'], sources: [] };
  expect(found(request)).toEqual([
    'The included region source/** matches no file.',
    'The included region pom.xml matches no file.',
  ]);
});

test('what is about a source names it', () => {
  const request = { included: ['src/**', 'source/**'], sources: ['src', 'lib'] };
  expect(driftOf(request).map(({ source }) => source)).toEqual(['lib', null]);
});

test('a hundred thousand files are compared in well under a second', () => {
  const many = Array.from({ length: 100_000 }, (_, n) => `s${n % 50}/src/${n}.js`).sort();
  const begun = performance.now();
  for (let n = 0; n < 50; n += 1) {
    const [warning] = found({ included: [`s${n}/src/1*.js`], sources: ['src'], context: `s${n}`, files: many });
    expect(warning).toContain('The Dockerfile copies src');
  }
  expect(performance.now() - begun).toBeLessThan(5_000);
});

describe('regions from the Dockerfile', () => {
  test.each<[string, AutoRegionsRequest, string[]]>([
    [
      'files and folders',
      { context: '', sources: ['src', 'package.json'], ignore: null },
      ['package.json', 'src/deep/b.js', 'src/main.js'],
    ],
    [
      'globs of one segment',
      { context: '', sources: ['*.md', 'lib/*.js'], ignore: null },
      ['README.md', 'lib/a.js', 'lib/b.js'],
    ],
    ['what .dockerignore leaves', { context: '', sources: ['src'], ignore: '**/deep\n' }, ['src/main.js']],
    [
      'the whole context where it is copied',
      { context: 'lib', sources: ['.'], ignore: null },
      ['lib/a.js', 'lib/b.js'],
    ],
    ['the whole context where nothing is known', { context: 'lib', sources: 'whole', ignore: 'b.js' }, ['lib/a.js']],
    ['nothing if nothing is read', { context: '', sources: [], ignore: null }, []],
    [
      'everything where .dockerignore is refused',
      { context: '', sources: ['lib'], ignore: 'lib/[\n' },
      ['lib/a.js', 'lib/b.js'],
    ],
  ])('are %s', async (_, request, expected) => {
    expect(await countedPaths(request, files)).toEqual(expected);
  });

  test.each<[string[], string[], boolean]>([
    [['current'], ['current'], true],
    [['current/app'], ['current'], true],
    [['cur*'], ['current'], true],
    [['*/app'], ['current'], true],
    [['src'], ['src/link'], false],
    [['.'], ['current'], false],
    [['src'], ['srcs'], false],
    [['src/a'], [], false],
  ])('%j with links %j: a link on the way is seen: %s', async (sources, links, expected) => {
    expect(await inlineReading.throughLink(sources, links)).toBe(expected);
  });
});
