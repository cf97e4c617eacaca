import { officialVersion } from '../../../../src/image/version/official-version.js';
import { commitWith, pom, versionOf } from '../../../support/version-of.js';
import { inlineReading } from '../../../support/reading.js';

describe('the official version', () => {
  test('is the service’s own where it states one, and no file is read', async () => {
    const { read, asked } = commitWith({ VERSION: '2' });
    expect(await versionOf({ value: '1.0' }, '', read)).toBe('1.0');
    expect(asked).toEqual([]);
  });

  test('is never that of a Cargo.toml that nobody named', async () => {
    expect(await versionOf(null, '', commitWith({ 'Cargo.toml': '[package]\nversion = "6"' }).read)).toBe('0.0.0');
  });

  test('is that of the first usual file, under the service’s folder', async () => {
    const { read, asked } = commitWith({
      VERSION: '9',
      'apps/a/package.json': '{"version":"1.2.3"}',
      'apps/a/pom.xml': pom('<version>8</version>'),
    });
    expect(await versionOf(null, 'apps/a', read)).toBe('1.2.3');
    expect(asked).toEqual(['apps/a/VERSION', 'apps/a/package.json']);
  });

  test('is 0.0.0 where nothing states one', async () => {
    const { read, asked } = commitWith({});
    expect(await versionOf(null, '', read)).toBe('0.0.0');
    expect(asked).toEqual(['VERSION', 'package.json', 'pom.xml', 'gradle.properties', 'pyproject.toml']);
  });

  test('comes from the file that the setting names and from no other', async () => {
    const { read } = commitWith({
      VERSION: '9',
      'a/pom.xml': pom('<version>1</version>'),
      'a/sub/package.json': '{"version":"2"}',
      'a/info.txt': ' 3 \nx',
    });
    expect(await versionOf({ file: 'pom.xml' }, 'a', read)).toBe('1');
    expect(await versionOf({ file: 'sub/package.json' }, 'a', read)).toBe('2');
    expect(await versionOf({ file: 'info.txt' }, 'a', read)).toBe('3');
    expect(await versionOf({ file: 'none.txt' }, 'a', read)).toBe('0.0.0');
    expect(await versionOf({ file: 'constructor' }, '', commitWith({ constructor: '4' }).read)).toBe('4');
  });

  test('passes over files that are garbage, or state none', async () => {
    const { read } = commitWith({
      VERSION: '\n',
      'package.json': '{ "version": "1',
      'pom.xml': Buffer.from([0xff, 0x00, 0x3c]),
      'gradle.properties': '# version=7\nversionCode=3',
      'pyproject.toml': '[project]\nversion = "4.5"',
    });
    expect(await versionOf(null, '', read)).toBe('4.5');
  });

  test.each([
    ['the call', '7.1', null, { VERSION: '1' }, '7.1', 'the call', []],
    [
      'a call with another text',
      '${VERSION}',
      null,
      { VERSION: '1' },
      '1',
      'VERSION',
      [/^The call states "\$\{VERSION\}", which/],
    ],
    ['version.value', null, { value: '1.0' }, {}, '1.0', 'version.value', []],
    [
      'a value with another text',
      null,
      { value: 'stable' },
      { VERSION: '1' },
      '0.0.0',
      null,
      [/^version.value states "stable"/],
    ],
    ['a file', null, null, { 'package.json': '{"version":"2"}' }, '2', 'package.json', []],
    [
      'the next file',
      null,
      null,
      { VERSION: 'VERSION=5', 'package.json': '{"version":"2"}' },
      '2',
      'package.json',
      [/^VERSION states "VERSION=5", which does not look like a version\.$/],
    ],
    [
      'a named file that is missing',
      null,
      { file: 'Cargo.toml' },
      { VERSION: '1' },
      '0.0.0',
      null,
      [/names Cargo\.toml, which is not in the commit/],
    ],
    [
      'a named file that states none',
      null,
      { file: 'pom.xml' },
      { 'pom.xml': '<project/>' },
      '0.0.0',
      null,
      [/names pom\.xml, which states no version/],
    ],
    [
      'a named file with another text',
      null,
      { file: 'a.txt' },
      { 'a.txt': `x${'y'.repeat(500)}` },
      '0.0.0',
      null,
      [/^a\.txt states "xy{79}…", which does not look/],
    ],
    ['nothing', null, null, { 'gradle.properties': 'org.gradle.jvmargs=-Xmx1g' }, '0.0.0', null, []],
  ] as const)('says that it comes from %s', async (_name, asked, version, files, value, from, warnings) => {
    const { read } = commitWith(files);
    const found = await officialVersion(
      asked,
      { version, versionPattern: null, path: '' },
      { read, stated: inlineReading.version },
    );
    expect(found).toEqual({ value, from, warnings: warnings.map((text) => expect.stringMatching(text)) });
  });

  test.each([
    ['release-7', 'release-7', []],
    ['1.0', '0.0.0', [expect.stringContaining('which does not match version.pattern')]],
  ])('is %j by the service’s own pattern: %s', async (text, value, warnings) => {
    const { read } = commitWith({ VERSION: text });
    const versionPattern = { text: 'release-\\d+', matches: (version: string) => /^release-\d+$/.test(version) };
    const found = await officialVersion(
      null,
      { version: null, versionPattern, path: '' },
      { read, stated: inlineReading.version },
    );
    expect([found.value, found.warnings]).toEqual([value, warnings]);
  });

  test('fails as reading fails', async () => {
    const read = () => Promise.reject(new Error('away'));
    await expect(versionOf(null, '', read)).rejects.toThrow('away');
  });
});
