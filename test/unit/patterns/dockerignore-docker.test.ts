/** What Docker's current client makes of rarer lines, worked out from its sources (moby/patternmatcher, tonistiigi/fsutil). */
import { Effort } from '../../../src/effort.js';
import { createIgnore } from '../../../src/patterns/dockerignore.js';

type Case = readonly [text: string, path: string, excluded: boolean];

const holds = (text: string, path: string, excluded: boolean) => {
  expect(createIgnore(text)(path)).toBe(excluded);
};

describe('.dockerignore: escapes and classes are those of RE2', () => {
  test.each<Case>([
    ['**\\bin', 'bin/keep.sh', false],
    ['**\\bin', 'app/bin/a.dll', false],
    ['**\\bin', 'in', true],
    ['**\\bin', 'app/in/x', true],
    ['foo\\d', 'foo7', true],
    ['foo\\d', 'food', false],
    ['**\\Debug', 'xebug', true],
    ['**\\Debug', 'Debug', true],
    ['**\\Debug', '7ebug', false],
    ['a\\pL', 'aé', true],
    ['a\\pL', 'apL', false],
    ['a\\p{Greek}', 'aα', true],
    ['\\x41', 'A', true],
    ['\\x41', 'x41', false],
    ['\\x{41}', 'A', true],
    ['src\\w', 'src1/x', true],
    ['src\\w', 'srcw', true],
    ['src\\w', 'src-', false],
    ['a\\tb', 'a\tb', true],
    ['\\Aa', 'a', true],
    ['\\Qa.b\\E', 'a\\.b', true],
    ['a\\_b', 'a_b', true],
    ['a\\-b', 'a-b', true],
    ['a\\/b', 'a/b', true],
    ['[\\d]x', '1x', true],
    ['[\\d]x', 'dx', false],
    ['[[:alpha:]]x', 'ax', true],
    ['[[:alpha:]]x', ':]x', false],
    ['[a\\]b]x', ']x', true],
    ['a]', 'a]', true],
    ['a[*]b', 'a]b', true],
    ['a[*]b', 'a*b', false],
    ['a[?]b', 'a/]b', true],
    ['[!a]x', '!x', true],
    ['[^a]x', '/x', true],
    ['**/*.py[cod]', 'a/b.pyc', true],
    ['**/*.py[cod]', 'a/b.pyx', false],
    // Docker checks the syntax no further than the first `*` that follows something. RE2 knows more classes than filepath.Match.
    ['a*[]b]', 'ax]', true],
    ['a*[]b]', 'axb', true],
    ['a*[]b]', 'axc', false],
    ['src/**/[a-]', 'src/x/-', true],
    ['src/**/[a-]', 'src/x/b', false],
    ['a*\\', 'ab$c', true],
    ['a*\\', 'abc', false],
    ['a*[*b', 'a[xxb', true],
  ])('%j with the path %j: %j', holds);

  test.each<Case>([
    // Docker escapes none of these in a pattern with a wildcard.
    ['*.log|*.tmp', 'a.log.gz', true],
    ['*.log|*.tmp', 'b.tmp', true],
    ['a|b', 'a', false],
    ['a|b', 'a|b', true],
    ['a?{2}', 'abc', true],
    ['a?{2}', 'ab{2}', false],
    ['*.{js,ts}', 'a.js', false],
    ['*.{js,ts}', 'a.{js,ts}', true],
    ['^a*', 'abc', true],
    ['a^b*', 'a^bc', false],
    ['a^b', 'a^b', true],
    ['**^b', 'a^b', true],
    ['a^**', 'a^/x', true],
    ['a+(b).$*', 'a+(b).$c', true],
    ['a+(b).$*', 'aab.$c', false],
  ])('%j with the path %j: %j', holds);

  test.each([
    ['a/**/b', 'a/x\ny/b', false],
    ['*/**', 'a/x\ny', false],
    ['a/**', 'a/x\ny', true],
    ['**/b', 'x\ny/b', true],
    ['*y', 'x\ny', true],
  ])('%j with the path %j, which has a line break: %j', holds);

  test.each([
    ['**\\obj', /line 2.*invalid escape sequence/],
    ['\\R', /line 2.*invalid escape sequence/],
    ['!\\y', /line 2.*invalid escape sequence/],
    ['bin\\é', /line 2.*invalid escape sequence/],
    ['a\\u0041', /line 2/],
    ['[\\b]', /line 2/],
    ['[z-a]x', /line 2/],
    ['[]a]', /line 2.*its syntax is wrong/],
    ['**/[]a]', /line 2.*its syntax is wrong/],
    ['**.*[]b]', /line 2.*its syntax is wrong/],
    // What matches the path `.` is checked one star further.
    ['?*[]a]', /line 2.*its syntax is wrong/],
    ['*[^a]*[a-]', /line 2.*its syntax is wrong/],
    ['a*[z-a]', /line 2/],
    ['a*[b', /line 2/],
    ['\\1', /line 2/],
    ['\\pX', /line 2/],
    ['*{2}', /line 2.*invalid nested repetition/],
    ['a?{1001}', /line 2.*invalid repeat count/],
    ['/!', /line 2.*nothing follows/],
    ['!/', /line 2.*nothing follows/],
    ['x'.repeat(65_536), /line 2.*65,535/],
    [`#${'x'.repeat(65_536)}`, /line 2.*65,535/],
  ])('refuses %j with the line, as Docker does', (line, message) => {
    const refused = { code: 'dockerfile-invalid', message: expect.stringMatching(message) as string };
    expect(() => createIgnore(`ok\n${line}\n`)).toThrow(expect.objectContaining(refused));
  });

  test('counts the steps of lines with escapes', () => {
    const ignored = createIgnore('**/*\\d*\\d*\\d*x', new Effort(100_000));
    expect(() => Array.from({ length: 10_000 }, (_, n) => ignored(`a/${n}/${n}`))).toThrow(
      expect.objectContaining({ code: 'reading-stopped' }),
    );
    expect(() => createIgnore('?{1000}'.repeat(30_000 / 7))).toThrow(
      expect.objectContaining({ code: 'reading-stopped' }),
    );
  });
});

describe('.dockerignore: lines are trimmed and cleaned as in Go', () => {
  test.each<Case>([
    ['a\n\uFEFFin', 'in', false],
    ['a\n\uFEFFin', '\uFEFFin', true],
    ['a\nin\uFEFF', 'in', false],
    ['\uFEFFin', 'in', true],
    ['\uFEFF\uFEFFin', 'in', false],
    // Go's scanner, which reads patterns with wildcards, skips the mark.
    ['a\n\uFEFFi*', 'in', true],
    ['a\n\uFEFFi*', '\uFEFFin', false],
    ['a\n\uFEFFi**', 'in', false],
    ['a\n\uFEFFi**', '\uFEFFin', true],
    ['a\n\uFEFF**/in', 'in', false],
    ['a\n\uFEFF**', 'in', false],
    ['\u0085in\u0085', 'in', true],
    ['\u00A0in\u3000', 'in', true],
    ['\v\fin\u2028', 'in', true],
    ['\u180Ein', 'in', false],
    ['\u200Bin', 'in', false],
    ['*\n!\u0085in', 'in', false],
    ['\u0085#in', '#in', true],
    ['/ in', 'in', true],
    ['in /', 'in', true],
    ['/ /', 'in', false],
    ['*\n/!in', 'in', false],
    ['*\n./!in', 'in', false],
    ['*\n!!in', 'in', true],
    ['!!in', '!in', false],
    ['/#in', '#in', true],
  ])('%j with the path %j: %j', holds);
});

describe('.dockerignore: exceptions in excluded folders', () => {
  test.each<Case>([
    // A line that changed nothing at a folder counts below it only if it matches by itself.
    ['*\n!src\nsrc/gen\n!src', 'src/gen', true],
    ['*\n!src\nsrc/gen\n!src', 'src/gen/x', true],
    ['*\n!src\nsrc/gen\n!src', 'src/x', false],
    ['*\n!src\nsrc/gen\n!src/**', 'src/gen/x', false],
    ['dir\n!dir/x\ndir', 'dir/x', false],
    ['dir\n!dir/x\ndir', 'dir/x/y', false],
    ['dir\n!dir/x\ndir', 'dir/y', true],
    ['dir\n!dir/x\ndi*', 'dir/x', false],
    ['dir\n!dir/x\ndir/*', 'dir/x', true],
    ['dir\n!dir/x\n\\dir\n\\x64ir', 'dir/x', false],
    ['!dir\ndir', 'dir/x', true],
    ['a\n!a/b/c/x.md\na/b/c', 'a/b/c/x.md', false],
    ['a\n!a/b/c/x.md\na/b/c', 'a/b/c/y.md', true],
    ['dir\n!dir\ndir\n!dir/x', 'dir/x', false],
    ['dir\n!dir\ndir\n!dir/x', 'dir/y', true],
    // An excluded folder is entered if an exception has wildcards.
    ['*\n!**/*.go', 'a/b/x.go', false],
    ['*\n!**/*.go', 'a/b/x.c', true],
    ['*\n!a/b/x', 'a/b/x', false],
    ['*\n!a/*', 'a/b/x', false],
    ['*\n!a/**', 'a/b/x', false],
    // Docker takes `/*/**` off before it looks whether an exception lies in the folder: it enters `a`, and not `a/b`.
    ['a\n!a/*/**', 'a/b/x', true],
    ['a\n!a/*/**', 'a/b/c/x', true],
    ['a\n!a/*/**\n!a/b/x', 'a/b/x', false],
    ['a\n!a/*/**\n!**/none', 'a/b/x', false],
    ['a/c\n!a/*/**', 'a/b/x', false],
    // The mark is skipped where the line is matched, and not where Docker looks whether it lies in the folder.
    ['*\n!\uFEFFa/*', 'a/x', true],
    ['*\n!\uFEFFa/*\n!**/none', 'a/x', false],
    ['a/x\n!\uFEFFa/*', 'a/x', false],
    // The same for what only a regular expression matches.
    ['*\n!{2}a/*', 'a/x', true],
    ['*\n!a|b/*', 'c/b/x', true],
    ['*\n!a|b/*', 'a/b/x', false],
    ['a/x\n!{2}a/*', 'a/x', false],
  ])('%j with the path %j: %j', holds);

  test('asks a line with an escape only if it can change the answer', () => {
    const effort = new Effort(1e6);
    const ignored = createIgnore(`*\n${'a\\d\n'.repeat(100)}`, effort);
    const before = effort.spent;
    expect(ignored('a1')).toBe(true);
    expect(effort.spent - before).toBeLessThan(200);
  });
});
