import { commitWith, pom, versionInFull, versionOf } from '../../../support/version-of.js';

describe('a hostile file is read in time', () => {
  const many = 100_000;
  test.each([
    ['pom.xml', `<project>${'<a '.repeat(many)}${'<!--'.repeat(many)}`],
    ['pom.xml', `<project>${'<a>'.repeat(many)}${'</b>'.repeat(many)}`],
    ['pom.xml', `<project>${'&'.repeat(many)}${'<a "'.repeat(many)}`],
    ['pom.xml', `<project><version>${'${'.repeat(many)}</version>`],
    ['pom.xml', `<project>${'&a;'.repeat(many * 10)}`],
    ['pom.xml', `<project ${Array.from({ length: many }, (_, at) => `a${at}=""`).join(' ')}>`],
    ['pom.xml', `<project><properties>${Array.from({ length: many }, (_, at) => `<a${at}/>`).join('')}`],
    ['pom.xml', `<!DOCTYPE a [${'<!-- " -->'.repeat(many)}`],
    ['pom.xml', `<project>${'<!'.repeat(many)}`],
    [
      'pom.xml',
      pom(`<version>${'${a}'.repeat(200)}</version><properties><a>${'1'.repeat(4_000_000)}</a></properties>`),
    ],
    ['gradle.properties', `version=${'\\'.repeat(many)}x\n${' '.repeat(many)}\nversion${' '.repeat(many)}`],
    [
      'pyproject.toml',
      `[${' '.repeat(many)}\n${'a '.repeat(many)}\n${' '.repeat(many)}\na=${'"'.repeat(many)}\n${"'''a".repeat(many)}`,
    ],
    ['pyproject.toml', `a = "${'\\"'.repeat(many)}\nb = ""${' '.repeat(many)}x`],
    ['pyproject.toml', `a = ${'['.repeat(many)}`],
    ['pyproject.toml', `a = [${'{},'.repeat(many)}]`],
    ['pyproject.toml', `[${'a.'.repeat(many)}a]`],
    ['pyproject.toml', Array.from({ length: many }, (_, at) => `a${at}=1`).join('\n')],
    ['pyproject.toml', '[[a]]\n'.repeat(many)],
    ['pyproject.toml', `a = ${'1'.repeat(many * 10)}`],
    ['pyproject.toml', `a = "${'\\n'.repeat(many)}`],
    ['Cargo.toml', `a = {${Array.from({ length: many }, (_, at) => `a${at}=1`).join(',')}}`],
    ['VERSION', '\n'.repeat(many)],
  ])('%s (case %#)', async (name, content) => {
    const started = performance.now();
    await versionOf({ file: name }, '', commitWith({ [name]: content }).read);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('a file that is too large', () => {
  const megabyte = 1024 * 1024;
  const padded = (text: string, bytes: number) => text + ' '.repeat(bytes - text.length);

  test.each<[string, string, number, string]>([
    ['VERSION', '1.2.3', megabyte, '1.2.3'],
    ['VERSION', '1.2.3', megabyte + 1, '7'],
    ['package.json', '{"version":"1.2.3"}', megabyte + 1, '7'],
    ['pom.xml', pom('<version>1.2.3</version>'), megabyte + 1, '1.2.3'],
    ['pom.xml', pom('<version>1.2.3</version>'), 4 * megabyte + 1, '7'],
  ])('states no version: %s with %s of %d bytes', async (name, text, bytes, version) => {
    const { read } = commitWith({ [name]: padded(text, bytes), 'pyproject.toml': '[project]\nversion = "7"' });
    expect(await versionOf(null, '', read)).toBe(version);
  });

  test('is warned of, with the number', async () => {
    const { read } = commitWith({ 's/VERSION': padded('1', 2_000_000) });
    expect(await versionInFull({ file: 'VERSION' }, 's', read)).toEqual({
      value: '0.0.0',
      from: null,
      warnings: ['s/VERSION states no version: it has 2,000,000 bytes; the limit is 1,048,576.'],
    });
  });
});
