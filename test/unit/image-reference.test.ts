import {
  isRepositoryName,
  isSha256Digest,
  isTagName,
  parseReference,
  sameRegistry,
} from '../../src/image-reference.js';

const digest = `sha256:${'0a'.repeat(32)}`;
const sha512 = `sha512:${'0a'.repeat(64)}`;

describe('an image reference', () => {
  test.each([
    ['base', 'docker.io', 'base', 'latest', null],
    ['base:1', 'docker.io', 'base', '1', null],
    ['abc/base:1', 'docker.io', 'abc/base', '1', null],
    ['test_com/foo', 'docker.io', 'test_com/foo', 'latest', null],
    ['test.com:5000', 'docker.io', 'test.com', '5000', null],
    ['registry.abc.net/base:1', 'registry.abc.net', 'registry.abc.net/base', '1', null],
    ['Registry.ABC.net/base', 'Registry.ABC.net', 'Registry.ABC.net/base', 'latest', null],
    ['Registry/base', 'Registry', 'Registry/base', 'latest', null],
    ['registry:5000/a/b', 'registry:5000', 'registry:5000/a/b', 'latest', null],
    ['localhost/a:x', 'localhost', 'localhost/a', 'x', null],
    ['[2001:db8::1]:5000/repo:tag', '[2001:db8::1]:5000', '[2001:db8::1]:5000/repo', 'tag', null],
    ['xn--n3h.com/a__b--c:X_1.y-', 'xn--n3h.com', 'xn--n3h.com/a__b--c', 'X_1.y-', null],
    [`registry:5000/a@${digest}`, 'registry:5000', 'registry:5000/a', null, digest],
    [`registry:5000/a:7@${digest}`, 'registry:5000', 'registry:5000/a', null, digest],
    [`a@${sha512}`, 'docker.io', 'a', null, sha512],
    [`${'a/'.repeat(127)}a:1`, 'docker.io', `${'a/'.repeat(127)}a`, '1', null],
  ])('%s is taken apart', (reference, host, name, tag, digest) => {
    expect(parseReference(reference)).toEqual({ host, name, tag, digest });
  });

  test.each([
    '',
    '/node:20',
    '//node',
    'node/',
    'a//b',
    '.',
    '..',
    '../node',
    'registry.abc.net/../x',
    'registry.abc.net/a/../../x',
    'registry.abc.net/./x',
    'registry.abc.net/a:../../x',
    'registry.abc.net/',
    'Base',
    'Base:1',
    'abc/Base',
    'registry.abc.net/Base:1',
    'base:',
    ':1',
    'base: 1',
    'base:1:2',
    'base:-1',
    `base:${'1'.repeat(129)}`,
    'base@',
    'base@sha256:1',
    `base@${digest}@${digest}`,
    `base@sha1:${'0'.repeat(40)}`,
    `base@${digest.toUpperCase()}`,
    `@${digest}`,
    'base?x=1',
    'base#x',
    'base%2e%2e',
    'base\n',
    'base\0',
    'ba\tse',
    'ba se',
    'bäse',
    'a_-b',
    'a___b',
    '-a',
    'a-',
    '$REGISTRY/node',
    'http://registry.abc.net/a',
    'user@registry.abc.net/a',
    'registry-.abc.net/a',
    'registry.abc.net:/a',
    'registry.abc.net:x/a',
    '[::1/a',
    '[fe80::1%eth0]:5000/a',
    '0a'.repeat(32),
    `${'a/'.repeat(128)}a`,
    `registry.abc.net/${'a'.repeat(256)}`,
    `${'a.'.repeat(600)}net/a`,
  ])('is not %j', (text) => {
    expect(parseReference(text)).toBeNull();
  });

  test.each([
    ['library/'.repeat(500_000)],
    ['a-'.repeat(2_000_000)],
    [`${'a'.repeat(4_000_000)}!`],
    [`${'1.'.repeat(2_000_000)}/`],
    [':'.repeat(4_000_000)],
    ['@'.repeat(4_000_000)],
  ])('is not text of megabytes, which costs nothing to see (%#)', (text) => {
    for (let times = 0; times < 1000; times += 1) expect(parseReference(text)).toBeNull();
  });
});

test.each([
  ['registry.abc.net', 'Registry.ABC.net', true],
  ['registry-1.docker.io', 'docker.io', true],
  ['registry.abc.net', 'registry.abc.net:5000', false],
  ['', 'registry.abc.net', false],
])('%s and %s are the same registry: %s', (a, b, same) => {
  expect(sameRegistry(a, b)).toBe(same);
});

describe('repository names', () => {
  test.each(['app', 'abc/java-service-1', 'a.b_c__d--e/f', '0'])('%j fits the grammar', (name) => {
    expect(isRepositoryName(name)).toBe(true);
  });
  test.each([
    '',
    'App',
    '/app',
    'app/',
    'a//b',
    '../b',
    'a..b',
    '-a',
    'a_',
    'a___b',
    'a b',
    'a?b',
    'ä',
    'a'.repeat(256),
  ])('%j does not', (name) => {
    expect(isRepositoryName(name)).toBe(false);
  });
});

describe('tag names', () => {
  test.each(['main', '_', '1.0.1-22-7e56158', 'a'.repeat(128)])('%j fits the grammar', (name) => {
    expect(isTagName(name)).toBe(true);
  });
  test.each(['', '.a', '-a', 'a/b', 'a:b', 'a\n', 'ä', 'a'.repeat(129)])('%j does not', (name) => {
    expect(isTagName(name)).toBe(false);
  });
});

describe('digests', () => {
  test('are SHA-256 in lower case', () => {
    expect(isSha256Digest(digest)).toBe(true);
    expect(isSha256Digest(`sha256:${'0A'.repeat(32)}`)).toBe(false);
    expect(isSha256Digest('sha256:00')).toBe(false);
  });
});
