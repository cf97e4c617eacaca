import fc from 'fast-check';
import type { Regions } from '../../../src/model/pattern.js';
import { ChangedPaths } from '../../../src/decide/changed-paths.js';
import { compilePathPattern, folderPattern, isPatternFault } from '../../../src/patterns/pattern.js';
import { classify, everyPathPattern, packagingPattern } from '../../../src/decide/regions.js';
import { runFilePatterns } from '../../../src/decide/run-file-patterns.js';

const patterns = (texts: readonly string[]) =>
  texts.map((text) => {
    const pattern = compilePathPattern(text);
    if (isPatternFault(pattern)) throw new Error(`${text} ${pattern.fault}`);
    return pattern;
  });
const regions = (included: readonly string[], excluded: readonly string[]) => ({
  included: patterns(included),
  excluded: patterns(excluded),
});
const packaging = [folderPattern('docker')];
const sort = (paths: readonly string[], among: Regions) => classify(new ChangedPaths(paths), among, packaging);

test.each([
  ['no patterns: every path counts', [], [], 'a', { counted: everyPathPattern }],
  ['an included pattern takes the path', ['src/**'], [], 'src/a', { counted: 'src/**' }],
  ['no included pattern takes the path', ['src/**'], [], 'docs/a', 'outside'],
  ['an excluded pattern wins over an included one', ['src/**'], ['**/*.md'], 'src/a.md', { excluded: '**/*.md' }],
  ['an excluded pattern works alone', [], ['docs/**'], 'docs/a', { excluded: 'docs/**' }],
  ['an excluded pattern does not claim what lies outside', ['src/**'], ['**/*.md'], 'a.md', 'outside'],
  ['the first included pattern is named', ['src/**', '**'], [], 'src/a', { counted: 'src/**' }],
  ['the first excluded pattern is named', [], ['**/*.md', 'docs/**'], 'docs/a.md', { excluded: '**/*.md' }],
  ['packaging counts although nothing includes it', ['src/**'], [], 'docker/run.sh', { counted: packagingPattern }],
  ['packaging counts although it is excluded', [], ['docker/**'], 'docker/run.sh', { counted: packagingPattern }],
  ['an expression excludes', [], ['regex:src/test/.*'], 'src/test/A.java', { excluded: 'regex:src/test/.*' }],
] as const)('%s', (_fact, included, excluded, path, expected) => {
  const { counted, excluded: passedOver, outside } = sort([path], regions(included, excluded));
  const is = typeof expected === 'string' ? {} : expected;
  expect({ counted: counted.first, excluded: passedOver.first, outside: outside.first }).toEqual({
    counted: 'counted' in is ? [{ path, pattern: is.counted }] : [],
    excluded: 'excluded' in is ? [{ path, pattern: is.excluded }] : [],
    outside: expected === 'outside' ? [{ path, pattern: '' }] : [],
  });
});

test('every path appears once, in order, and each pattern that caught one is named', () => {
  const sorted = sort(['src/b', 'x', 'src/a', 'src/a.md', 'y', 'pom.xml'], regions(['pom.xml', 'src/**'], ['**/*.md']));
  expect(sorted.counted).toEqual({
    count: 3,
    first: [
      { path: 'pom.xml', pattern: 'pom.xml' },
      { path: 'src/a', pattern: 'src/**' },
      { path: 'src/b', pattern: 'src/**' },
    ],
    patterns: ['pom.xml', 'src/**'],
  });
  expect(sorted.excluded.first.map(({ path }) => path)).toEqual(['src/a.md']);
  expect(sorted.outside.first.map(({ path }) => path)).toEqual(['x', 'y']);
});

test('all paths are counted and the first twenty shown', () => {
  const paths = Array.from({ length: 1000 }, (_, n) => `src/${String(n).padStart(4, '0')}`);
  const { counted, outside } = sort([...paths, 'a'], regions(['src/**'], []));
  expect(counted).toMatchObject({ count: 1000, patterns: ['src/**'] });
  expect(counted.first.map(({ path }) => path)).toEqual(paths.slice(0, 20));
  expect(outside.count).toBe(1);
});

describe('held against each path and pattern on its own', () => {
  const part = fc.constantFrom('a', 'b', 'ab', 'docker', 'a.md', 'ü', '𝒳', '-x');
  const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  const text = fc.constantFrom(
    'a/**',
    'a/b/**',
    'a*',
    '**/*.md',
    '**',
    'ab/a',
    '{a,b}/**',
    'regex:a.*b',
    'ü/**',
    '?/a.md',
  );
  const texts = fc.array(text, { maxLength: 4 });

  test.each([1, 40, 200])('the same comes out for up to %i paths', (most) => {
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: most }), texts, texts, (paths, included, excluded) => {
        const among = regions(included, excluded);
        const matched = (patterns: Regions['included'], one: string) =>
          patterns.find((pattern) => pattern.matches(one));
        const kindOf = (one: string) => {
          if (one.startsWith('docker/')) return 'counted';
          if (among.included.length > 0 && !matched(among.included, one)) return 'outside';
          return matched(among.excluded, one) ? 'excluded' : 'counted';
        };
        const sorted = sort(paths, among);
        for (const kind of ['counted', 'excluded', 'outside'] as const) {
          const expected = paths.filter((one) => kindOf(one) === kind).sort();
          expect(sorted[kind].count).toBe(expected.length);
          expect(sorted[kind].first.map((one) => one.path)).toEqual(expected.slice(0, 20));
        }
        for (const { path: one, pattern } of sorted.excluded.first) {
          expect(pattern).toBe(matched(among.excluded, one)?.text);
        }
      }),
    );
  });
});

test('a pattern is tried on the paths that it can match, once for all services', () => {
  const tried: string[] = [];
  const watched = { text: 'b/**', prefix: 'b/', matches: (path: string) => tried.push(path) > 0 };
  const changed = new ChangedPaths(['a/1', 'b', 'b/1', 'b/2', 'ba/1', 'c/1']);
  for (let service = 0; service < 3; service += 1) classify(changed, { included: [watched], excluded: [] }, packaging);
  expect(tried).toEqual(['b/1', 'b/2']);
});

test('ten thousand paths against sixty patterns take a fraction of a second', () => {
  const paths = Array.from({ length: 10_000 }, (_, n) => `services/s${n % 50}/src/main/java/com/acme/Class${n}.java`);
  const included = Array.from({ length: 30 }, (_, n) => (n % 2 ? `services/t${n}/**` : `**/pkg${n}/*.ts`));
  const excluded = Array.from({ length: 30 }, (_, n) => (n % 2 ? `regex:.*/gen${n}/.*` : `**/*.x${n}`));
  const all = regions([...included, '**'], excluded);
  const before = performance.now();
  expect(sort(paths, all).counted.count).toBe(10_000);
  const took = performance.now() - before;
  if (process.env['SHOW_TIMES']) process.stdout.write(`classify: ${took.toFixed(0)} ms\n`);
  expect(took).toBeLessThan(2000);
});

test('a reason shows only the beginning of a long path', () => {
  const long = 'x'.repeat(60_000);
  const { counted } = sort([`a/${long}`, `b/${long}`, 'c/short'], regions([], []));
  expect(counted.first.map(({ path }) => path)).toEqual([`a/${'x'.repeat(298)}…`, `b/${'x'.repeat(298)}…`, 'c/short']);
});

describe('a run file', () => {
  const bases = ['docker/compose.yaml', 'compose.yml'];
  const runFiles = (among: readonly string[]) => runFilePatterns(bases, (path) => among.includes(path));
  const sorted = (paths: readonly string[], among: Regions, passedOver: readonly string[]) => {
    const {
      counted,
      excluded,
      outside,
      runFiles: apart,
    } = classify(new ChangedPaths(paths), among, packaging, runFiles(passedOver));
    return [counted, excluded, outside, apart].map(({ first }) => first.map(({ path }) => path));
  };
  const path = 'docker/compose.yaml';

  test.each<[string, Regions]>([
    ['in the packaging', regions(['src/**'], [])],
    ['in an included region', regions([], [])],
    ['in an excluded region', regions([], ['docker/**'])],
  ])('is apart %s', (_, among) => {
    expect(sorted([path], among, [path])).toEqual([[], [], [], [path]]);
  });

  test('that makes the image counts as any path does', () => {
    expect(sorted([path], regions(['src/**'], []), [])).toEqual([[path], [], [], []]);
  });

  test('at the root is apart too', () => {
    expect(sorted(['compose.yml'], regions([], []), ['compose.yml'])).toEqual([[], [], [], ['compose.yml']]);
  });

  test('leaves the other paths as they are', () => {
    const paths = ['README.md', path, 'src/a', 'x'];
    expect(sorted(paths, regions(['src/**', '*.md'], ['*.md']), [path])).toEqual([
      ['src/a'],
      ['README.md'],
      ['x'],
      [path],
    ]);
  });

  test('is named as one', () => {
    const { runFiles: apart } = classify(new ChangedPaths([path]), regions([], []), [], runFiles([path]));
    expect(apart).toEqual({ count: 1, first: [{ path, pattern: '(run file)' }], patterns: ['(run file)'] });
  });
});

test('paths and run files are sorted into four groups without a rest, whatever the patterns', () => {
  const some = fc.constantFrom(
    'docker/compose.yaml',
    'docker/Dockerfile',
    'src/a',
    'src/a.md',
    'x',
    'docker/compose.qa.yaml',
  );
  const property = fc.property(
    fc.uniqueArray(some),
    fc.subarray(['src/**', '**/*.md', 'docker/**']),
    fc.subarray(['**/*.md', 'docker/**']),
    fc.subarray(['docker/compose.yaml', 'docker/compose.qa.yaml']),
    (paths, included, excluded, passedOver) => {
      const patternsOfRunFiles = runFilePatterns(['docker/compose.yaml'], (path) => passedOver.includes(path));
      const among = regions(included, excluded);
      const groups = classify(new ChangedPaths(paths), among, packaging, patternsOfRunFiles);
      const of = ({ first }: { first: readonly { path: string }[] }) => first.map(({ path }) => path);
      const { counted, excluded: passed, outside, runFiles } = groups;
      expect([counted, passed, outside, runFiles].flatMap(of).sort()).toEqual([...paths].sort());
      expect(of(runFiles)).toEqual(paths.filter((path) => passedOver.includes(path)).sort());
      const without = classify(new ChangedPaths(paths.filter((path) => !passedOver.includes(path))), among, packaging);
      expect([counted, passed, outside].map(of)).toEqual([without.counted, without.excluded, without.outside].map(of));
    },
  );
  fc.assert(property, { numRuns: 500 });
});
