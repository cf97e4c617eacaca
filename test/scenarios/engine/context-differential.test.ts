/** `.dockerignore` as the real engine and Docker's own client understand it, against ours: what `COPY . /` of random trees holds. */
import fc from 'fast-check';
import { isSameForClient } from '../../support/older-ignore.js';
import { pathsByUs, type ContextPaths } from '../../support/context-paths.js';
import { askedVersion, buildByClient } from '../../support/docker-client.js';
import type { MemoryFile } from '../../support/memory-tree.js';
import { threadedReading } from '../../support/reading.js';

const reading = threadedReading();
afterAll(() => reading.close());

type Files = Readonly<Record<string, MemoryFile>>;

const dockerfile = { Dockerfile: 'FROM scratch\nCOPY . /\n' };

async function byClient(files: Files): Promise<ContextPaths> {
  const listing = [...(await buildByClient(files))];
  const ofKind = (folder: boolean) =>
    listing.flatMap(([path, what]) => ((what === 'folder') === folder ? path : [])).sort();
  return { files: ofKind(false), folders: ofKind(true) };
}

const byUs = (files: Files) => pathsByUs(files, reading);

describe('a .dockerignore means the same to us and to Docker', () => {
  const tree: Files = {
    ...dockerfile,
    'README.md': '',
    '.env': '',
    'a/x': '',
    'a/b/x': '',
    'a/b/c/x.md': '',
    'b/a/x': '',
    'build/out/app.jar': '',
    'build/out/x.md': '',
    'node_modules/m/index.js': '',
    'sub/node_modules/n/index.js': '',
    'src/Main.java': '',
    'src/link': { link: '../a' },
    'docs/only.md': '',
    'we ird/na-me.txt': '',
    '#hash': '',
    '!bang': '',
    'été/ñ': '',
  };

  test.each([
    '',
    '# comment\n #hash\n',
    '\\#hash',
    '\\!bang',
    'a',
    '/a/',
    './a/b/',
    'a/*',
    'a/*/x',
    '*/*/x',
    '*.md',
    '**/*.md',
    '**/x',
    'a/**/x',
    'a/**',
    '**',
    '*',
    '**/node_modules',
    'node_modules',
    '**/b/**',
    '[ab]/x',
    '[^a]*',
    '[a-c]/*',
    '?',
    'src/????',
    'we ird/na-me.txt',
    '  a  \r\n  b  ',
    '\uFEFFa',
    '../a',
    'x/../a',
    '.',
    '/',
    'A',
    'été',
    'é*/?',
    '.*',
    'Dockerfile\n.dockerignore',
    'Dockerfile*\n**/Dockerfile',
    '*\n!src',
    '*\n!src\n!README.md\n.env',
    'a\n!a/b',
    'a\n!a/b/c/x.md',
    'a/*\n!a/b',
    'build\n!build/out/app.jar',
    '!a\na',
    'a\n!a',
    'src\n! src/Main.java ',
    '*.md\n!README*.md',
  ])('%j', async (text) => {
    const files = { ...tree, '.dockerignore': text };
    expect(await byUs(files)).toMatchObject({ files: (await byClient(files)).files });
  });

  test('also where it leaves folders empty', async () => {
    const files = { ...tree, '.dockerignore': 'docs/*\n**/*.js\nbuild/out' };
    expect(await byUs(files)).toEqual(await byClient(files));
  });
});

/** Clients before 23 look only at some of the folders above a path where `**` and exceptions meet: those do not come together here. */
const names = fc.constantFrom('a', 'b', 'ab', 'x.md', '.h', 'src');
const path = (name: fc.Arbitrary<string>) =>
  fc.array(name, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'));
const decorated = (plain: fc.Arbitrary<string>) =>
  fc
    .tuple(fc.constantFrom('', '', '/', './', ' '), plain, fc.constantFrom('', '', '/', ' ', '/.'))
    .map((parts) => parts.join(''));
const globs = (extra: readonly string[]) =>
  decorated(path(fc.oneof(names, fc.constantFrom('*', '?', '*.md', '[a-b]', 'a*', '[^a]*', ...extra))));
const exceptions = decorated(path(names)).map((text) => `!${text}`);
const rules = fc.oneof(
  fc.array(globs(['**', '**']), { minLength: 1, maxLength: 4 }),
  fc.array(fc.oneof(globs([]), exceptions), { minLength: 1, maxLength: 6 }),
);
const trees = fc.uniqueArray(path(names), { minLength: 4, maxLength: 14 }).map((paths) =>
  // A path that another one needs as a folder cannot be a file.
  paths.filter((one) => !paths.some((other) => other.startsWith(`${one}/`))),
);
const cases = fc
  .sample(fc.record({ paths: trees, lines: rules }), { seed: 20, numRuns: 60 })
  .filter(({ paths, lines }) => isSameForClient(lines, paths));

test.each(cases)(
  'the random tree $paths with the lines $lines is the same to us and to Docker',
  async ({ paths, lines }) => {
    const files = {
      ...Object.fromEntries(paths.map((one) => [one, one])),
      ...dockerfile,
      '.dockerignore': lines.join('\n'),
    };
    const [ours, theirs] = [await byUs(files), await byClient(files)];
    expect(ours.files).toEqual(theirs.files);
    // Clients before 23 also send excluded folders that an exception might be in.
    if (askedVersion >= 23 || !lines.some((line) => line.startsWith('!'))) expect(ours.folders).toEqual(theirs.folders);
  },
);
