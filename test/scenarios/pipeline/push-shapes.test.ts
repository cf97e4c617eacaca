/** Every shape that a push may have, on real git over HTTP: what counts is the difference of the trees, never what the payload says. */
import { randomUUID } from 'node:crypto';
import { dockerfile, said, useFakeStage, useGitStage, type FakeStage } from '../../support/fake-stage.js';
import type { FileChange } from '../../support/git.js';

const open = useFakeStage();
const openOnGit = useGitStage();
const app = { repository: 'abc/app', version: { value: '1.0' } };
/** Source counts, the rest does not. */
const services = { app: { ...app, includedRegions: ['src/**'] } };

const submodule = 'feed'.repeat(10);
type Files = Record<string, FileChange>;

const shapes: [string, Files, Files, string, string[]][] = [
  ['a changed file', {}, { 'src/a.txt': '2' }, 'build included-path-changed', ['src/a.txt']],
  ['a new file', {}, { 'src/b.txt': '1' }, 'build included-path-changed', ['src/b.txt']],
  ['a deleted file', { 'src/b.txt': '1' }, { 'src/b.txt': null }, 'build included-path-changed', ['src/b.txt']],
  [
    'a rename into a region',
    { 'lib/b.txt': 'much text' },
    { 'lib/b.txt': null, 'src/b.txt': 'much text' },
    'build included-path-changed',
    ['src/b.txt'],
  ],
  [
    'a rename out of a region',
    { 'src/b.txt': 'much text' },
    { 'src/b.txt': null, 'lib/b.txt': 'much text' },
    'build included-path-changed',
    ['src/b.txt'],
  ],
  [
    'a rename elsewhere',
    { 'lib/b.txt': 'x' },
    { 'lib/b.txt': null, 'lib/c.txt': 'x' },
    'skip no-included-path-changed',
    [],
  ],
  [
    'a change of mode',
    {},
    { 'src/a.txt': { mode: '100755', content: '1' } },
    'build included-path-changed',
    ['src/a.txt'],
  ],
  [
    'a link with another target',
    { 'src/l': { mode: '120000', content: 'a.txt' } },
    { 'src/l': { mode: '120000', content: 'b.txt' } },
    'build included-path-changed',
    ['src/l'],
  ],
  [
    'a link instead of a file',
    {},
    { 'src/a.txt': { mode: '120000', content: '1' } },
    'build included-path-changed',
    ['src/a.txt'],
  ],
  [
    'a link elsewhere that points into a region',
    {},
    { link: { mode: '120000', content: 'src/a.txt' } },
    'skip no-included-path-changed',
    ['link'],
  ],
  [
    'a submodule in a region moved on',
    { 'src/sub': { submodule } },
    { 'src/sub': { submodule: 'beef'.repeat(10) } },
    'build included-path-changed',
    ['src/sub'],
  ],
  [
    'a submodule elsewhere moved on',
    { sub: { submodule } },
    { sub: { submodule: 'beef'.repeat(10) } },
    'skip no-included-path-changed',
    ['sub'],
  ],
  [
    'a folder instead of a file',
    { 'src/b': '1' },
    { 'src/b': null, 'src/b/c': '1' },
    'build included-path-changed',
    ['src/b', 'src/b/c'],
  ],
  ['an empty commit', {}, {}, 'skip no-change', []],
];

test.each(shapes)('%s', async (_shape, before, change, decided, paths) => {
  const stage = await open({ services });
  await stage.begin(before);
  const rows = await stage.push(change);
  expect(said(rows)).toEqual([decided]);
  if (decided.startsWith('build')) expect(rows[0]?.reason.paths).toEqual(paths);
});

test('several commits in one push count together', async () => {
  const stage = await open({ services });
  const base = await stage.begin();
  await stage.repo.commit({ files: { 'src/a.txt': '2' } });
  await stage.repo.commit({ files: { 'docs/x.md': '1' } });
  const [decision] = await stage.push({ 'src/b.txt': '1' });
  expect(decision).toMatchObject({ reason: { paths: ['src/a.txt', 'src/b.txt'] }, base, head: await stage.tip() });
});

test('a push costs the git host two requests that go side by side, however many services there are', async () => {
  const stage = await openOnGit({
    services: { app: services.app, other: { ...services.app, includedRegions: ['lib/**'] } },
  });
  await stage.begin();
  const { requests } = stage.slipway.host.server;
  const before = requests.length;
  expect(said(await stage.push({ 'docs/x.md': '1' }))).toEqual([
    'skip no-included-path-changed',
    'skip no-included-path-changed',
  ]);
  const asked = requests.slice(before).map(({ method, url }) => `${method} ${url}`);
  expect(asked).toEqual(['POST /abc/app.git/git-upload-pack', 'POST /abc/app.git/git-upload-pack']);
});

test('a change that is taken back does not count', async () => {
  const stage = await open({ services });
  await stage.begin();
  await stage.repo.commit({ files: { 'src/a.txt': '2', 'src/b.txt': '1' } });
  expect(said(await stage.push({ 'src/a.txt': '1', 'src/b.txt': null }))).toEqual(['skip no-change']);
});

test('a merge counts what it brings, not what its commits did', async () => {
  const stage = await open({ services: { app: { ...app, excludedRegions: ['docs/**'] } } });
  const base = await stage.begin();
  const docs = await stage.repo.commit({ files: { 'docs/guide.md': '1' }, branch: 'docs', parents: [base] });
  const source = await stage.repo.commit({ files: { 'src/a.txt': '2' }, parents: [base] });
  await stage.deliver();
  await stage.slipway.quiet();
  await stage.repo.commit({ files: { 'docs/guide.md': '1' }, parents: [source, docs], message: 'Merge docs' });
  expect(said(await stage.deliver())).toEqual(['skip only-excluded-paths-changed']);

  const older = await stage.repo.commit({ files: { 'src/b.txt': '1' }, branch: 'feature', parents: [base] });
  const tip = await stage.tip();
  await stage.repo.commit({ files: { 'src/b.txt': '1' }, parents: [tip, older], message: 'Merge feature' });
  expect((await stage.deliver())[0]?.reason.paths).toEqual(['src/b.txt']);
});

test('a push of 5,000 files is seen whole', async () => {
  const stage = await open({ services });
  await stage.begin();
  const many = Array.from({ length: 4_999 }, (_, number): [string, string] => [`docs/${number}.md`, `${number}`]);
  expect(said(await stage.push(Object.fromEntries(many)))).toEqual(['skip no-included-path-changed']);
  const [decision] = await stage.push({
    ...Object.fromEntries(many.map(([path]) => [path, 'x'])),
    'src/last.txt': '1',
  });
  expect(decision).toMatchObject({ decision: 'build', reason: { paths: ['src/last.txt'] } });
});

test.each([
  ['empty', []],
  ['wrong', [{ id: 'x', added: ['docs/lie.md'], modified: [], removed: [] }]],
  ['of another form', 'nonsense'],
])('lists of the payload that are %s change nothing', async (_what, commits) => {
  const stage = await open({ services });
  const before = await stage.begin();
  const after = await stage.repo.commit({ files: { 'src/a.txt': '2' } });
  const push = { ref: 'refs/heads/main', before, after, repository: { full_name: 'abc/app' }, commits };
  const id = randomUUID();
  await stage.slipway.webhook(id, push);
  expect(await stage.slipway.decisions(id)).toMatchObject([
    { decision: 'build', reason: { code: 'included-path-changed', paths: ['src/a.txt'] } },
  ]);
});

test('names that GitHub writes in another case are the same repository', async () => {
  const stage = await open({ services });
  const after = await stage.repo.commit({ files: { 'docker/Dockerfile': dockerfile, 'src/a.txt': '1' } });
  expect(said(await stage.slipway.push('ABC/App', 'main', { after }))).toEqual(['build first-build']);
});

describe('hostile names', () => {
  const paths = [
    'src/a file with blanks.txt',
    'src/"double" and \'single\'.txt',
    'src/new\nline.txt',
    'src/tab\tand\\backslash',
    'src/日本語-ñ-\u{1F6A2}.txt',
    'src/--upload-pack=touch x',
    'src/-rf',
    'src/$(touch x);`id`&&|.sh',
    'src/*?[a-z].glob',
    'src/:(exclude)magic',
    'src/ leading and trailing ',
  ];

  test('of paths are data', async () => {
    const stage = await open({ services });
    await stage.begin();
    const [decision] = await stage.push(Object.fromEntries(paths.map((path) => [path, '1'])));
    expect([...(decision?.reason.paths ?? [])].sort()).toEqual([...paths].sort());
    await stage.slipway.quiet();
    const built = stage.fakes.behind('app', 'main');
    expect(paths.filter((path) => !built?.files.has(path))).toEqual([]);
    expect(said(await stage.push({ '--all': '1', '-x': '1', '$(id)': '1' }))).toEqual([
      'skip no-included-path-changed',
    ]);
  });

  test('of branches are data, and every branch has a tag of its own', async () => {
    const names = [
      '--upload-pack=x',
      '-x',
      '$(id)',
      '`id`',
      'a;b',
      'a|b',
      "it's",
      '"q"',
      'ünï/cödé',
      'feature/a_b',
      'feature-a_b',
      'deadbeef',
      'HEAD',
    ];
    const stage: FakeStage = await open({ services: { app: { ...app, branches: ['**'] } } });
    const first = await stage.repo.commit({ files: { Dockerfile: dockerfile } });
    for (const [number, branch] of names.entries()) {
      const rows = await stage.push({ [`f${number}`]: '1' }, { branch, parents: [first] });
      expect(said(rows)).toEqual(['build first-build']);
    }
    await stage.slipway.quiet();
    const builds = await stage.builds();
    expect(builds.map(({ branch, status }) => [branch, status])).toEqual(names.map((name) => [name, 'succeeded']));
    const tags = builds.map(({ image }) => image?.tags[1] ?? '');
    expect(new Set(tags).size).toBe(names.length);
    for (const [number, tag] of tags.entries()) {
      expect(stage.fakes.behind('app', tag)?.files.has(`f${number}`)).toBe(true);
    }
  });
});
