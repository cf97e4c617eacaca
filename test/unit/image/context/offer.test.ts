/** Which files of a whole context an engine is offered for what it asks, and what is said where our reading lacked some of them. */
import { SlipwayError } from '../../../../src/errors.js';
import { createOffer } from '../../../../src/image/context/offer.js';
import { readDockerfile } from '../../../../src/image/dockerfile/dockerfile.js';
import { pathsIn, prepare } from '../../../support/prepared-context.js';

const files = {
  Dockerfile: 'FROM a',
  '.dockerignore': '*.md',
  'a/one.txt': '1',
  'a/two.md': '2',
  'a/deep/three.txt': '3',
  'b/four': '4',
  'b/README.md': '5',
  current: { link: 'a/deep' },
  'links/up': { link: '../b' },
  '[x]': '6',
};
const whole = [
  '.dockerignore',
  'Dockerfile',
  '[x]',
  'a/deep/three.txt',
  'a/one.txt',
  'a/two.md',
  'b/README.md',
  'b/four',
  'current',
  'links/up',
];

const offered = async (asked: readonly string[], sources: readonly string[] | 'whole' = ['none']) => {
  const { context } = await prepare({ files, sources });
  return context.apart ? pathsIn(await context.apart.offer(asked)) : [];
};

describe('an engine is offered', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['everything where it names nothing', [], whole],
    ['everything for the root', ['b', '.'], whole],
    ['a file and a folder', ['a/one.txt', 'b'], ['a/one.txt', 'b/README.md', 'b/four']],
    ['globs', ['a/*.txt', '?/four'], ['a/one.txt', 'b/four']],
    ['the target of a link', ['current'], ['a/deep/three.txt', 'current']],
    ['what lies behind a link', ['links/*/four'], ['b/four', 'links/up']],
    ['all below the folder in front of **', ['a/**/three.txt'], ['a/deep/three.txt', 'a/one.txt', 'a/two.md']],
    ['everything for a set or an escape, which may mean more than in a glob', ['[x]'], whole],
    ['nothing for a path that is not there', ['no'], []],
    ['paths that seem to leave', ['../b/./four', '/a/one.txt'], ['a/one.txt', 'b/four']],
  ])('%s', async (_, asked, expected) => {
    expect(await offered(asked)).toEqual(expected);
    expect(await offered(asked, ['a', 'b'])).toEqual(expected);
  });

  test('less than everything also where our reading does not know what is read', async () => {
    expect(await offered(['b/four'], 'whole')).toEqual(['b/four']);
  });

  test('what .dockerignore leaves, and the artifact', async () => {
    const artifact = { path: 'b/app.md', file: '/f', sha256: 'a'.repeat(64), size: 1 };
    const ignoring = { ...files, '.dockerignore': '**/*.md' };
    const { context } = await prepare({ files: ignoring, sources: [], artifact, settings: { artifact: 'b/app.md' } });
    expect(context.apart && pathsIn(await context.apart.offer(['b']))).toEqual(['b/app.md', 'b/four']);
  });

  test('files by their names, also those that are left out', async () => {
    const ignoring = { ...files, '.dockerignore': '*' };
    const { context } = await prepare({ files: ignoring, sources: [], central: {} });
    expect(context.apart && pathsIn(await context.apart.named(['b/four', '.dockerignore', 'no', 'b']))).toEqual([
      '.dockerignore',
      'b/four',
    ]);
  });
});

describe('what an engine asks for is held against our reading', () => {
  const misread = async (dockerfile: string, asked: readonly string[]) => {
    const reading = readDockerfile(`FROM scratch\n${dockerfile}`, { buildArgs: {}, target: null });
    const { context, misread: said } = await prepare({ files, sources: reading.sources, asked: reading.asked });
    await context.apart?.offer(asked);
    return said();
  };

  test.each<[string, string, readonly string[]]>([
    ['the same', 'COPY a b /x/', ['a', 'b']],
    ['less', 'COPY a b /x/', ['a']],
    ['a path without files', 'COPY a /x/', ['a', 'git@host:c']],
    ['files that are read by another name', 'COPY a /x/', ['a', 'a/deep']],
    ['the whole for a tmpfs', 'COPY a /x/\nRUN --mount=type=tmpfs,target=/t x', []],
    ['a pattern of --parents, word by word', 'COPY --parents a/**/three.txt /x/', ['a/**/three.txt']],
    ['a glob of two stars, word by word', 'COPY a/t**x /x/', ['a/t**x']],
    ['the target of a link', 'COPY current /x/', ['current']],
    ['anything, where the whole is read', 'COPY $A. /x/', ['b']],
  ])('%s is no difference', async (_, dockerfile, asked) => {
    expect(await misread(dockerfile, asked)).toBeNull();
  });

  test.each<[string, readonly string[], string, number]>([
    ['another folder', ['a', 'b'], 'b/README.md', 2],
    ['everything', [], '.dockerignore', 7],
  ])('%s is one', async (_, asked, path, count) => {
    expect(await misread('COPY a /x/', asked)).toEqual({ path, count });
  });

  test('and stays one when the next request is as expected', async () => {
    const { context, misread: said } = await prepare({ files, sources: ['a'] });
    for (const asked of [['b/four'], ['a']]) await context.apart?.offer(asked);
    expect(said()).toEqual({ path: 'b/four', count: 1 });
  });
});

test.each([' lead/a', 'tail /a', 'a/tail '])(
  'everything is offered beside %j, whose blank a header loses',
  async (path) => {
    const { context, misread } = await prepare({ files: { ...files, [path]: '7' }, sources: ['b/four'] });
    expect(context.apart && pathsIn(await context.apart.offer(['lead']))).toHaveLength(whole.length + 1);
    expect(misread()).toBeNull();
  },
);

test('where choosing takes too long, everything is offered', async () => {
  const part = (everything: boolean) => ({
    everything,
    positions: Uint32Array.of(),
    files: { entries: [], async *open() {} },
  });
  const all = part(true);
  const choose = async (sources: readonly string[] | 'whole') => {
    if (sources !== 'whole') throw new SlipwayError('reading-stopped', 'slow');
    return all;
  };
  const offer = createOffer({
    sources: ['a'],
    read: part(false),
    expected: ['a'],
    choose,
    pathAt: () => undefined,
    isUnclear: false,
  });
  expect(await offer.files(['b'])).toBe(all.files);
});
