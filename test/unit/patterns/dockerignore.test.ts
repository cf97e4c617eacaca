import { SlipwayError } from '../../../src/errors.js';
import { createIgnore } from '../../../src/patterns/dockerignore.js';

describe('.dockerignore', () => {
  test.each([
    // pattern text, path, left out?
    ['', 'a', false],
    ['a', 'a', true],
    ['a', 'a/b', true],
    ['a', 'b/a', false],
    ['/a', 'a', true],
    ['./a', 'a', true],
    ['a/', 'a', true],
    ['a/', 'a/b/c', true],
    ['  a  ', 'a', true],
    ['a\r', 'a', true],
    ['x/../a', 'a', true],
    ['../a', 'a', false],
    ['.', 'a', false],
    ['/', 'a', false],
    ['A', 'a', false],
    ['*', 'a', true],
    ['*', '.env', true],
    ['*', 'a/b', true],
    ['*/b', 'a/b', true],
    ['*/b', 'b', false],
    ['*/b', 'x/a/b', false],
    ['*.md', 'README.md', true],
    ['*.md', 'docs/README.md', false],
    ['**/*.md', 'README.md', true],
    ['**/*.md', 'docs/x/README.md', true],
    ['**', 'a/b', true],
    ['**/', 'a', true],
    ['a/**', 'a/b/c', true],
    ['a/**', 'a', false],
    ['a/**/z', 'a/z', true],
    ['a/**/z', 'a/b/c/z', true],
    ['a/**/z', 'az', false],
    ['**/node_modules', 'x/node_modules/y', true],
    ['**/node_modules', 'x/my_node_modules', false],
    ['**/a/**', 'x/a/y', true],
    ['**/**/a', 'x/y/a', true],
    ['**foo', 'barfoo', true],
    ['a**', 'abc/d', true],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['[a-c]x', 'bx', true],
    ['[a-c]x', 'dx', false],
    ['[^a]x', 'bx', true],
    ['[^a]x', 'ax', false],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['a.b', 'axb', false],
    ['a+(b)|{c}$', 'a+(b)|{c}$', true],
    ['\\#a', '#a', true],
    ['# a', '# a', false],
    [' # a', '# a', true],
    ['#a\na', 'a', true],
    ['\uFEFFa', 'a', true],
    ['\uFEFF# a\nb', 'b', true],
    ['é*', 'été', true],
    ['a\n!a', 'a', false],
    ['!a\na', 'a', true],
    ['a\n!a/b', 'a/b', false],
    ['a\n!a/b', 'a/b/c', false],
    ['a\n!a/b', 'a/c', true],
    ['*\n!src\n!pom.xml', 'src/A.java', false],
    ['*\n!src\n!pom.xml', 'pom.xml', false],
    ['*\n!src\n!pom.xml', 'doc/x', true],
    ['*\n!src\nsrc/**/*.tmp', 'src/a/b.tmp', true],
    ['**\n!**/*.go', 'a/b/x.go', false],
    ['*.md\n!README*.md\nREADME-secret.md', 'README-secret.md', true],
    ['*.md\nREADME-secret.md\n!README*.md', 'README-secret.md', false],
    ['a\n! a/b ', 'a/b', false],
    ['a\n!/a/b/', 'a/b', false],
    // The exception changes nothing at the folder `keep`, and does not match the file by itself.
    ['**/*.log\n!keep', 'keep/x.log', true],
    ['**/*.log\n!keep/**', 'keep/x.log', false],
  ])('%j with the path %j: %j', (text, path, excluded) => {
    expect(createIgnore(text)(path)).toBe(excluded);
  });

  test.each(['[', '[a', '[]a]', '[b-a]', 'a\\', '!', '! '])('refuses %j with the line, as Docker does', (pattern) => {
    expect(() => createIgnore(`ok\n${pattern}`)).toThrow(SlipwayError);
    expect(() => createIgnore(`ok\n${pattern}`)).toThrow(/line 2/);
  });

  test('takes linear time where a regular expression would backtrack', () => {
    const ignore = createIgnore(`${'**/a*'.repeat(12)}b\n${'*a'.repeat(30)}b`);
    expect(ignore(`${'a'.repeat(2_000)}/${'a/'.repeat(20)}c`)).toBe(false);
  });
});
