import { compilePathPattern, isPatternFault } from '../../../src/pipeline/changes/pattern.js';
import { classify, everyPathPattern, packagingPattern } from '../../../src/pipeline/changes/regions.js';

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
const packaging = (path: string) => path.startsWith('docker/');

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
  const sorted = classify([path], regions(included, excluded), packaging);
  const is = typeof expected === 'string' ? {} : expected;
  expect(sorted).toEqual({
    counted: 'counted' in is ? [{ path, pattern: is.counted }] : [],
    excluded: 'excluded' in is ? [{ path, pattern: is.excluded }] : [],
    outside: expected === 'outside' ? [path] : [],
  });
});

test('every path appears once, in the order given', () => {
  const sorted = classify(['src/b', 'x', 'src/a', 'src/a.md', 'y'], regions(['src/**'], ['**/*.md']), packaging);
  expect(sorted.counted.map(({ path }) => path)).toEqual(['src/b', 'src/a']);
  expect(sorted.excluded.map(({ path }) => path)).toEqual(['src/a.md']);
  expect(sorted.outside).toEqual(['x', 'y']);
});

test('ten thousand paths against sixty patterns take a fraction of a second', () => {
  const paths = Array.from({ length: 10_000 }, (_, n) => `services/s${n % 50}/src/main/java/com/acme/Class${n}.java`);
  const included = Array.from({ length: 30 }, (_, n) => (n % 2 ? `services/t${n}/**` : `**/pkg${n}/*.ts`));
  const excluded = Array.from({ length: 30 }, (_, n) => (n % 2 ? `regex:.*/gen${n}/.*` : `**/*.x${n}`));
  const all = regions([...included, '**'], excluded);
  const before = performance.now();
  expect(classify(paths, all, packaging).counted).toHaveLength(10_000);
  const took = performance.now() - before;
  if (process.env['SHOW_TIMES']) process.stdout.write(`classify: ${took.toFixed(0)} ms\n`);
  expect(took).toBeLessThan(2000);
});
