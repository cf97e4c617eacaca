import { officialVersion as versionOf, type ReadFile } from '../../../../src/image/version/official-version.js';
import type { VersionSetting } from '../../../../src/model/service.js';
import { inlineReading } from '../../../support/reading.js';
import { sizedFile } from '../../../support/sized-file.js';

const officialVersion = async (setting: VersionSetting, path: string, read: ReadFile) =>
  (await versionOf(null, { version: setting, versionPattern: null, path }, { read, stated: inlineReading.version }))
    .value;

/** A commit's files by repository path, and the paths that were asked for. */
function commitWith(files: Record<string, string | Buffer>) {
  const asked: string[] = [];
  const read: ReadFile = async (path, most) => {
    asked.push(path);
    return Object.hasOwn(files, path) ? sizedFile({ blob: '', content: Buffer.from(files[path] ?? '') }, most) : null;
  };
  return { read, asked };
}

const pom = (inside: string) =>
  `<?xml version="1.0"?>\n<project xmlns="http://maven.apache.org/POM/4.0.0">${inside}</project>`;

const dependency = '<dependencies><dependency><version>6.6</version></dependency></dependencies>';

describe('a version is stated by', () => {
  test.each([
    ['VERSION', '1.0.1\n', '1.0.1'],
    ['VERSION', '\n \n1.0.1\n', '1.0.1'],
    ['VERSION', '\ufeff 1.0.1 \r\nmore', '1.0.1'],
    ['package.json', '\ufeff{"version":" 1.0.0-rc.1+5 "}', '1.0.0-rc.1+5'],
    ['package.json', '{"name":"x","version":1}', '0.0.0'],
    ['package.json', '{"version":""}', '0.0.0'],
    ['package.json', '"1.0"', '0.0.0'],
    ['package.json', 'null', '0.0.0'],
    ['package.json', '[{"version":"1"}]', '0.0.0'],
    ['pom.xml', pom(`${dependency}<version>1.0.1-SNAPSHOT</version>`), '1.0.1-SNAPSHOT'],
    ['pom.xml', pom(`<!-- <version>6.6</version> --><parent><version>2.0</version></parent>${dependency}`), '2.0'],
    ['pom.xml', pom('<parent><version>2.0</version></parent><version>\n  1.1\n</version>'), '1.1'],
    [
      'pom.xml',
      pom(
        '<build><plugins><plugin a="x>y" b=\'/>\'><version>6</version></plugin></plugins></build><version>1.2</version>',
      ),
      '1.2',
    ],
    [
      'pom.xml',
      pom('<version>${revision}${changelist}</version><properties><revision>3.1</revision><changelist/></properties>'),
      '3.1',
    ],
    ['pom.xml', pom('<version>${a}</version><properties><a>${b}-x</a><b>1</b></properties>'), '1-x'],
    ['pom.xml', pom('<version>${a}</version><properties><a>${b}${b}</a><b>${a}${a}</b></properties>'), '0.0.0'],
    ['pom.xml', pom('<version>${project.parent.version}</version><parent><version>5</version></parent>'), '5'],
    ['pom.xml', pom('<version>${revision}</version>'), '0.0.0'],
    [
      'pom.xml',
      pom(
        '<version>${revision}${sha1}${changelist}</version>' +
          '<properties><revision>1.3.1</revision><changelist>-SNAPSHOT</changelist><sha1/></properties>',
      ),
      '1.3.1-SNAPSHOT',
    ],
    ['pom.xml', pom('<version>${revision}${sha1}</version><properties><revision>1</revision></properties>'), '0.0.0'],
    [
      'pom.xml',
      pom('<parent><version>${revision}</version></parent><properties><revision> 2.1 </revision></properties>'),
      '2.1',
    ],
    ['pom.xml', pom('<parent><version>${revision}</version></parent>'), '0.0.0'],
    ['pom.xml', pom('<version>${pom.parent.version}</version><parent><version>5.1</version></parent>'), '5.1'],
    [
      'pom.xml',
      pom(
        '<version>${parent.version}</version><parent><version>5</version></parent>' +
          '<properties><parent.version>5.2</parent.version></properties>',
      ),
      '5.2',
    ],
    ['pom.xml', pom('<version>${parent.version}</version><parent><version>5.3</version></parent>'), '5.3'],
    [
      'pom.xml',
      pom('<version>${a}</version><properties><a>1</a><a>2</a></properties><profiles><a>3</a></profiles>'),
      '2',
    ],
    ['pom.xml', pom('<version>${project.version}</version>'), '0.0.0'],
    ['pom.xml', pom('<parent><version/></parent><name>&eacute;</name><version>1.6</version>'), '1.6'],
    ['pom.xml', pom('<parent><version>2</version></parent><name>a & b</name><version>1.7</version>'), '0.0.0'],
    ['pom.xml', pom('<version>1.8</version></other>'), '0.0.0'],
    ['pom.xml', pom(`${'<a>'.repeat(190)}${'</a>'.repeat(190)}<version>1.9</version>`), '1.9'],
    ['pom.xml', '<!DOCTYPE project [<!ENTITY v "6">]><project><version>&v;</version></project>', '0.0.0'],
    ['pom.xml', pom('<version><![CDATA[1.3]]></version>'), '1.3'],
    ['pom.xml', pom('<version>1&#46;4&amp;&unknown;</version>'), '0.0.0'],
    ['pom.xml', pom(`<name>x${dependency}`), '0.0.0'],
    ['pom.xml', '<!DOCTYPE project><?x <version>6</version>?><project ><version>1.5</version>', '1.5'],
    ['pom.xml', '<module><version>6</version></module>', '0.0.0'],
    ['pom.xml', '', '0.0.0'],
    ['gradle.properties', 'group=abc\nversion=1.0.1\n', '1.0.1'],
    ['gradle.properties', '! x\n  version : 1.0\\\n   .2\n', '1.0.2'],
    ['gradle.properties', 'version 1.0.3', '1.0.3'],
    ['gradle.properties', 'version=1\nversion=2', '2'],
    ['gradle.properties', 'versionName=1\nmy.version=2\n#version=3', '0.0.0'],
    ['gradle.properties', 'version=', '0.0.0'],
    ['pyproject.toml', '[project]\nname = "x"\nversion = "1.0.1" # now\n', '1.0.1'],
    ['pyproject.toml', "[ tool . poetry ]\nversion = '1.0.2'", '1.0.2'],
    ['pyproject.toml', '[tool.poetry]\nversion="2"\n[project]\nversion="1"', '1'],
    [
      'pyproject.toml',
      '[project]\ndynamic = ["version"]\n[tool.other]\nversion = "6"\n[[project.x]]\nversion = "7"',
      '0.0.0',
    ],
    ['pyproject.toml', '[project]\ndescription = """\nversion = "6"\n"""\nversion = "1.0.3"', '1.0.3'],
    ['pyproject.toml', '# [project]\nversion = "6"', '0.0.0'],
    ['pyproject.toml', 'project.version = "1.0.4"', '1.0.4'],
    ['pyproject.toml', 'project = { name = "x", version = "1.0.5" }', '1.0.5'],
    ['pyproject.toml', '[project]\nversion = """\n1.0.\\\n  6"""', '1.0.6'],
    ['pyproject.toml', '[project]\nversion = "1.0\\u002e7"', '1.0.7'],
    ['pyproject.toml', 'x = 9223372036854775807\nproject.version = "1.0.8"', '1.0.8'],
    ['pyproject.toml', '[project]\nversion = 1.0', '0.0.0'],
    ['pyproject.toml', '[project]\nversion = "1"\nversion = "2"', '0.0.0'],
    ['pyproject.toml', '[project]\nversion = "1.0"\nname = x', '0.0.0'],
    ['pyproject.toml', '__proto__.version = "6"', '0.0.0'],
    ['Cargo.toml', '[package]\nname = "x"\nversion = "0.3.1"\n[dependencies]\ny = { version = "6" }', '0.3.1'],
    ['Cargo.toml', '[workspace.package]\nversion = "0.4.0"\n[package]\nversion.workspace = true', '0.4.0'],
    ['Cargo.toml', '[workspace.package]\nversion = "0.4.1"\n[package]\nversion = { workspace = true }', '0.4.1'],
    ['Cargo.toml', '[workspace]\nmembers = ["a"]\n[workspace.package]\nversion = "0.4.2"', '0.4.2'],
    ['Cargo.toml', '[package]\nname = "x"\nversion.workspace = true', '0.0.0'],
    ['Cargo.toml', '[workspace.package]\nversion = "6"\n[package]\nname = "x"', '0.0.0'],
    ['Cargo.toml', 'version = "6"', '0.0.0'],
    ['VERSION', '# note\n5.3', '0.0.0'],
    ['VERSION', 'VERSION=5.7', '0.0.0'],
    ['VERSION', '５.9', '0.0.0'],
    ['VERSION', '1.0 beta', '0.0.0'],
    ['VERSION', '../../etc', '0.0.0'],
    ['VERSION', `1${'0'.repeat(300)}`, '0.0.0'],
    ['VERSION', 'v5.4\n', 'v5.4'],
    ['VERSION', 'V5', 'V5'],
    ['VERSION', '5.5-rc.1+build_7', '5.5-rc.1+build_7'],
    ['VERSION', Buffer.from('\ufeff5.6\r\n', 'utf16le'), '5.6'],
    ['VERSION', Buffer.from('\ufeff5.8\n', 'utf16le').swap16(), '5.8'],
    ['VERSION', Buffer.concat([Buffer.from('\ufeff5.8', 'utf16le'), Buffer.from([0])]), '5.8'],
    ['info.txt', 'the version is 3', '0.0.0'],
    ['package.json', '{"version":"workspace:*"}', '0.0.0'],
    ['package.json', '{"version":"^1.2"}', '0.0.0'],
    ['package.json', '{"version":"latest"}', '0.0.0'],
    ['gradle.properties', 'version=2\\u002e8', '2.8'],
    ['gradle.properties', 'version=2\\.9\\u002', '2.9u002'],
    ['gradle.properties', 'version=${base}-1', '0.0.0'],
    ['pom.xml', '<m:project xmlns:m="http://maven.apache.org/POM/4.0.0"><m:version>3.4</m:version></m:project>', '3.4'],
    ['pom.xml', '<project xmlns:x="urn:x"><x:version>6</x:version><version>3.5</version></project>', '3.5'],
    ['pom.xml', '<m:project xmlns:m="urn:m"><version>6</version></m:project>', '0.0.0'],
    [
      'pom.xml',
      Buffer.from('\ufeff<?xml version="1.0" encoding="UTF-16"?><project><version>3.6</version></project>', 'utf16le'),
      '3.6',
    ],
    [
      'pom.xml',
      Buffer.from(
        '<?xml version="1.0" encoding="UTF-16"?><project><version>3.7</version></project>',
        'utf16le',
      ).swap16(),
      '3.7',
    ],
    ['pyproject.toml', '[project]\nversion = "attr: x.y"', '0.0.0'],
    ['Cargo.toml', '[package]\nversion = "*"', '0.0.0'],
  ])('%s %j: %s', async (name, content, expected) => {
    expect(await officialVersion({ file: name }, '', commitWith({ [name]: content }).read)).toBe(expected);
  });
});
