import fc from 'fast-check';
import { anyText } from '../support/any-text.js';
import {
  gitTagName,
  hashedTag,
  revisionTag,
  sanitiseTag,
  shortHash,
  versionTag,
  withSuffix,
} from '../../src/tag-name.js';

const grammar = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const long = 'x'.repeat(200);

describe('a sanitised name', () => {
  test.each([
    ['main', 'main'],
    ['release/1.0.1', 'release-1.0.1'],
    ['feature/JIRA-1_x', 'feature-JIRA-1_x'],
    ['a//b@{c}', 'a-b-c-'],
    ['1.0+build.5', '1.0-build.5'],
    ['--upload-pack=x', 'upload-pack-x'],
    ['$(id)', 'id-'],
    ['.hidden', 'hidden'],
    ['größe', 'gr-e'],
    ['日本', shortHash('日本')],
    [long, `${'x'.repeat(119)}-${shortHash(long)}`],
  ])('of %j is %j', (name, tag) => {
    expect(sanitiseTag(name)).toBe(tag);
  });

  test('fits Docker’s grammar, whatever the name, and stays as it is when sanitised again', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 300 }), (name) => {
        const tag = sanitiseTag(name);
        expect(tag).toMatch(grammar);
        expect(sanitiseTag(tag)).toBe(tag);
      }),
    );
  });

  test('tells long names apart that begin alike', () => {
    expect(sanitiseTag(`${long}a`)).not.toBe(sanitiseTag(`${long}b`));
  });
});

describe('a version tag', () => {
  test('is version, count and commit', () => {
    expect(versionTag({ version: '1.0.1', count: 22, sha: '7e56158' })).toBe('1.0.1-22-7e56158');
  });

  test('that is too long loses of its version', () => {
    const tag = versionTag({ version: long, count: 22, sha: '7e56158' });
    expect(tag).toMatch(grammar);
    expect(tag).toHaveLength(128);
    expect(tag).toMatch(/^x+-22-7e56158$|^x+-[0-9a-f]+-22-7e56158$/);
  });

  test.each([
    ['1.0.1-22-7e56158', 1, '1.0.1-22-7e56158'],
    ['1.0.1-22-7e56158', 2, '1.0.1-22-7e56158-r2'],
    ['1.0.1-22-7e56158', 30, '1.0.1-22-7e56158-r30'],
  ])('%s has revision %i called %s', (wanted, revision, tag) => {
    expect(revisionTag(wanted, revision)).toBe(tag);
  });

  test('of full length keeps count, commit and revision', () => {
    const wanted = versionTag({ version: long, count: 22, sha: '7e56158' });
    expect(revisionTag(wanted, 12)).toHaveLength(128);
    expect(revisionTag(wanted, 12)).toMatch(/-22-7e56158-r12$/);
  });
});

describe('the image tag of a git tag', () => {
  test.each([
    ['v1.2.3', '1.2.3'],
    ['1.2.3', '1.2.3'],
    ['version-1', 'version-1'],
    ['v', 'v'],
    ['vv1', 'vv1'],
    ['release/v1.2', 'release-v1.2'],
  ])('%j is %j', (name, tag) => {
    expect(gitTagName(name)).toBe(tag);
  });
});

describe('a suffix', () => {
  test('is never cut', () => {
    expect(withSuffix('a'.repeat(128), '-abc')).toBe(`${'a'.repeat(124)}-abc`);
    expect(hashedTag('main', 'Main')).toBe(`main-${shortHash('Main')}`);
  });
});
