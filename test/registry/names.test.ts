import { isDigest, isRepositoryName, isTagName } from '../../src/registry/names.js';

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
    expect(isDigest(`sha256:${'0a'.repeat(32)}`)).toBe(true);
    expect(isDigest(`sha256:${'0A'.repeat(32)}`)).toBe(false);
    expect(isDigest('sha256:00')).toBe(false);
  });
});
