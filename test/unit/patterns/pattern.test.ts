import fc from 'fast-check';
import { minimatch } from 'minimatch';
import {
  folderPattern,
  compileBranchPattern,
  compilePathPattern,
  isLiteralBranch,
  isPatternFault,
} from '../../../src/patterns/pattern.js';

const compiled = (text: string, compile = compilePathPattern) => {
  const result = compile(text);
  if (isPatternFault(result)) throw new Error(`${text} ${result.fault}`);
  return result;
};
const faultOf = (text: string, compile = compilePathPattern) => {
  const result = compile(text);
  return isPatternFault(result) ? result.fault : null;
};

test.each([
  ['pom.xml', 'pom.xml', true],
  ['pom.xml', 'a/pom.xml', false],
  ['src/**', 'src/a', true],
  ['src/**', 'src/a/b/.c', true],
  ['src/**', '.src/a', false],
  ['src/**', 'src', false],
  ['**', '.github/workflows/a.yml', true],
  ['**/*.md', 'README.md', true],
  ['**/*.md', 'docs/.hidden.md', true],
  ['*.md', 'docs/a.md', false],
  ['src/*', 'src/two\nlines', true],
  ['*', '\n', true],
  ['src/?', 'src/é', true],
  ['src/*.😀', 'src/x.😀', true],
  ['{src,test}/**', 'test/a', true],
  ['src{,/**}', 'src', true],
  ['src/[a-c]x', 'src/bx', true],
  ['src/[!a-c]x', 'src/bx', false],
  ['src/[[:digit:]]', 'src/7', true],
  ['src/[]]', 'src/]', true],
  ['@(a|b)/*', 'b/x', true],
  ['!src/**', '!src/a', true],
  ['!src/**', 'test/a', false],
  ['#x/**', '#x/a', true],
  ['a\\*b', 'a*b', true],
  ['a\\*b', 'aXb', false],
  ['{{cookiecutter.name}}/**', '{{cookiecutter.name}}/a', true],
  ['SRC/**', 'src/a', false],
  ['a//b', 'a/b', true],
])('the glob %j on the path %j: %s', (text, path, expected) => {
  expect(compiled(text).matches(path)).toBe(expected);
});

test.each([
  ['regex:src/test/.*', 'src/test/a/B.java', true],
  ['regex:src/test/.*', 'x/src/test/a', false],
  ['regex:src', 'src/a', false],
  ['regex:a|ab', 'ab', true],
  ['regex:^src/[^/]+\\.java$', 'src/A.java', true],
  ['regex:(?i)readme(\\..*)?', 'README.md', true],
  ['regex:(?iu)é', 'É', true],
  ['regex:\\Qa.b\\E', 'a.b', true],
  ['regex:\\Qa.b\\E', 'aXb', false],
  ['regex:\\p{Lower}+', 'abc', true],
  ['regex:\\p{IsGreek}', 'α', true],
  ['regex:\\P{Alpha}', 'a', false],
  ['regex:[\\p{Digit}_]+', '1_2', true],
  ['regex:\\u0061\\x62', 'ab', true],
  ['regex:\\uD83D\\uDE00', '😀', true],
  ['regex:a\\hb', 'a b', true],
  ['regex:a\\Hb', 'a b', false],
  ['regex:a\\Rb', 'a\r\nb', true],
  ['regex:a\\cAb\\07', 'a\u0001b\u0007', true],
  ['regex:(?<name>a)+?', 'aa', true],
  ['regex:a{2,3}', 'aaaa', false],
  ['regex:(?s).*', 'a\nb', true],
  ['regex:\\x{1F600}+', '😀😀', true],
  ['regex:(?u)a(?i-u:b)(?-u)(?u:c)', 'aBc', true],
  ['regex:(?i-s:a)(?-i)b', 'Ab', true],
  ['regex:[\\]\\-a]+', ']-a', true],
  ['regex:(?:src|test)/.+', 'test/a', true],
  ['regex:/?src/.*', 'src/a', true],
  ['regex:\\/{0,1}src/.*', 'src/a', true],
  ['regex:\\./*src', '.src', true],
])('the expression %j on the path %j: %s', (text, path, expected) => {
  expect(compiled(text).matches(path)).toBe(expected);
});

test.each([
  ['', /empty/],
  ['  ', /empty/],
  [' a', /blanks/],
  ['a\n', /blanks/],
  ['/src/**', /begins with "\/"/],
  ['./src/**', /begins with ".\/"/],
  ['src/', /ends in "\/"/],
  ['src/../x', /"\.\."/],
  ['src/./x', /"\."/],
  ['{a,/b}', /alternative/],
  ['{a,}/b', /alternative/],
  ['src/[a', /"\[" without/],
  ['src/[a/b]', /"\[" without/],
  ['src/[]', /"\[" without/],
  ['src/[z-a]', /backwards/],
  ['src/[[:letter:]]', /unknown character class/],
  ['src/{a,b', /"\{" without/],
  ['src/+(a', /"\(" without/],
  ['+(a/b)', /inside a group/],
  ['src\\', /backslash/],
  ['{1..2000}', /more than 1000/],
  ['*'.repeat(5000), /longer than/],
  ['regex:', /empty/],
  ['regex: src/.*', /blanks/],
  ['regex:src/.* ', /blanks/],
  ['regex:/src/.*', /begins with/],
  ['regex:^/src/.*', /begins with/],
  ['regex:\\/src/.*', /begins with/],
  ['regex:\\./src/.*', /begins with ".\/"/],
  ['regex:^\\.\\/src/.*', /begins with ".\/"/],
  ['regex:src/', /ends in/],
  ['regex:src\\/$', /ends in/],
  ['regex:(', /not a regular expression/],
  ['regex:a**', /not a regular expression/],
  ['regex:[a', /"\[" without/],
  ['regex:a{x}', /repetition/],
  ['regex:a(?=b)', /look-around/],
  ['regex:a(?!b)', /look-around/],
  ['regex:(?<=a)b', /look-around/],
  ['regex:(?<!a)b', /look-around/],
  ['regex:(?>a)b', /atomic/],
  ['regex:(a)\\1', /back-reference/],
  ['regex:(?<n>a)\\k<n>', /back-reference/],
  ['regex:a++', /possessive/],
  ['regex:a{2}+', /possessive/],
  ['regex:[a-z&&[^b]]', /character classes/],
  ['regex:[a-d[m-p]]', /character classes/],
  ['regex:(?x)a b', /flags/],
  ['regex:\\p{constructor}', /not a regular expression/],
  ['regex:\\x{110000}', /not a regular expression/],
  ['regex:\\xZ', /bad escape/],
  ['regex:(?P<n>a)', /Java's syntax/],
])('the path pattern %j is refused', (text, reason) => {
  expect(faultOf(text)).toMatch(reason);
});

test.each([
  ['release/*', 'release/1.0', true],
  ['release/*', 'release/1/0', false],
  ['release/**', 'release/1/0', true],
  ['*', 'feature/x', false],
  ['--upload-pack=x', '--upload-pack=x', true],
  ['$(id)', '$(id)', true],
  ['regex:release/\\d+', 'release/10', true],
  ['main', 'main2', false],
])('the branch pattern %j on the branch %j: %s', (text, branch, expected) => {
  expect(compiled(text, compileBranchPattern).matches(branch)).toBe(expected);
});

test.each(['', ' main', 'main/', '/main', 'refs/heads/main', 'refs/tags/v*', '[a', 'regex:(?=a)'])(
  'the branch pattern %j is refused',
  (text) => {
    expect(faultOf(text, compileBranchPattern)).not.toBeNull();
  },
);

test.each([
  ['main', true],
  ['release/1.0', true],
  ['user@host+x', true],
  ['$(id)', true],
  ['!x', true],
  ['release/*', false],
  ['m?in', false],
  ['[m]ain', false],
  ['{main,master}', false],
  ['rel\\*', false],
  ['regex:main', false],
])('the branch pattern %j names one branch: %s', (text, expected) => {
  expect(isLiteralBranch(text)).toBe(expected);
});

test.each([
  ['*a'.repeat(100) + '*b', 'a'.repeat(4000)],
  ['**/a/'.repeat(60) + 'b', 'a/'.repeat(2000) + 'b'],
  ['**/*a*/'.repeat(60) + 'b', 'aa/'.repeat(1300) + 'c/b'],
  ['*(*(*(*(a))))b*', 'a'.repeat(4000)],
  ['+(a|aa)'.repeat(20) + '?b', 'a'.repeat(4000)],
  ['!(*a*)'.repeat(10) + '*', 'a'.repeat(4000)],
  ['regex:(a+)+b', 'a'.repeat(4000)],
  ['regex:(a|aa)*(a|aa)*b', 'a'.repeat(4000)],
])('the pattern %j takes no exponential time on a hostile path', (text, path) => {
  const pattern = compiled(text);
  const before = performance.now();
  pattern.matches(path);
  expect(performance.now() - before).toBeLessThan(1500);
});

test('a folder pattern takes the folder by its name', () => {
  const pattern = folderPattern('apps/[x]');
  expect(pattern.text).toBe('apps/[x]/**');
  expect(['apps/[x]/a', 'apps/x/a', 'apps/[x]'].map((path) => pattern.matches(path))).toEqual([true, false, false]);
});

test('what is looked at before the matcher is asked changes no answer', () => {
  const piece = fc.constantFrom(
    'a',
    'ab',
    'b',
    '**',
    '*',
    '?',
    'a*',
    '*.md',
    '{a,b}',
    '[ab]',
    '\\*',
    '@(a|b)',
    '!a',
    'ü',
  );
  const glob = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join('/'));
  const segment = fc.constantFrom('a', 'ab', 'b', 'x.md', '*', '!a', 'ü', 'aab');
  const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));
  const options = { dot: true, nonegate: true, nocomment: true, platform: 'linux' } as const;
  fc.assert(
    fc.property(glob, path, (text, one) => {
      const pattern = compilePathPattern(text);
      if ('fault' in pattern) return;
      expect(pattern.matches(one)).toBe(minimatch(one, text, options));
      if (pattern.matches(one)) expect(one.startsWith(pattern.prefix ?? '')).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  'main',
  'release/*',
  'feature-[!a]*',
  'user@home',
  '@(a|b)',
  'v1.2',
  'a.b/c',
  '**',
  'origin',
  'original/x',
  'regex:(main|origin/x)',
])('the branch pattern %s can match', (text) => {
  expect(isPatternFault(compileBranchPattern(text))).toBe(false);
});
