/** The lines of the decision table, each through the whole pipeline on real git. */
import { dockerfile, said, useFakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();
const app = { repository: 'abc/app', version: { value: '1.0' } };

test('a forced build is decided and made though nothing changed', async () => {
  const stage = await open();
  const head = await stage.begin();
  const { status, body } = await stage.slipway.post<{ id: string }>('/rebuild/app');
  expect(status).toBe(202);
  const build = await stage.slipway.ended(body.id);
  expect(build).toMatchObject({ status: 'succeeded', outcome: 'built', commit: head, reason: { code: 'forced' } });
});

test('a branch that is not among the branches is skipped and built nowhere', async () => {
  const stage = await open();
  expect(said(await stage.push({ Dockerfile: dockerfile }, { branch: 'topic' }))).toEqual([
    'skip branch-not-configured',
  ]);
  expect(await stage.slipway.builds()).toEqual([]);
});

test('a branch without an image is built, and then has its version and branch tags', async () => {
  const stage = await open();
  const [decision] = await stage.push({ Dockerfile: dockerfile });
  const head = await stage.tip();
  expect(decision).toMatchObject({ decision: 'build', reason: { code: 'first-build' }, base: null, head });
  const build = await stage.ended([decision!]);
  expect(build.image?.tags).toEqual([`1.0-1-${head.slice(0, 7)}`, 'main']);
  expect(stage.madeFrom('main')).toBe(head);
});

test('a new branch at a built commit costs a retag, not a build', async () => {
  const stage = await open();
  const head = await stage.begin();
  await stage.repo.branch('release/1.0', head);
  const rows = await stage.deliver('release/1.0');
  expect(said(rows)).toEqual(['build first-build']);
  expect(await stage.ended(rows)).toMatchObject({
    outcome: 'reused',
    image: { tags: [expect.anything(), 'release-1.0'] },
  });
  expect(stage.madeFrom('release-1.0')).toBe(head);
  expect(stage.fakes.engine.builds).toHaveLength(1);
});

test('a baseline that is no longer in the repository is not guessed about: the head is built', async () => {
  const stage = await open();
  const lost = await stage.begin();
  await stage.repo.commit({ files: { Dockerfile: dockerfile, 'src/a.txt': '1' }, parents: [] });
  await stage.repo.forgetUnreachable();
  await stage.slipway.stop();
  await stage.slipway.forgetMirrors();
  await stage.slipway.start();
  const rows = await stage.deliver();
  expect(rows).toMatchObject([{ decision: 'build', reason: { code: 'baseline-unavailable' }, base: lost }]);
  expect(await stage.ended(rows)).toMatchObject({ status: 'succeeded' });
});

test('commits that all say [skip ci] are skipped, and the next push includes their changes', async () => {
  const stage = await open();
  const base = await stage.begin();
  expect(said(await stage.push({ 'src/a.txt': '2' }, { message: 'Quietly [skip ci]' }))).toEqual(['skip skip-ci']);
  expect(said(await stage.push({ 'src/b.txt': '1' }, { message: 'More\n\n[ci skip]' }))).toEqual(['skip skip-ci']);
  const [loud] = await stage.push({ 'notes.txt': '1' }, { message: 'Aloud' });
  expect(loud).toMatchObject({
    reason: { code: 'included-path-changed', paths: ['notes.txt', 'src/a.txt', 'src/b.txt'] },
    base,
  });
});

test('[skip ci] does not skip what came from elsewhere', async () => {
  const stage = await open({ central: { 'app/Dockerfile': dockerfile } });
  await stage.push({ 'src/a.txt': '1' });
  await stage.slipway.quiet();
  await stage.slipway.writeCentral('app/Dockerfile', `${dockerfile}USER 1\n`);
  expect(said(await stage.push({ 'src/a.txt': '2' }, { message: '[skip ci]' }))).toEqual([
    'build included-path-changed',
  ]);
});

test('the reason names the paths of the regions and the patterns that caught them', async () => {
  const regions = { includedRegions: ['src/**', 'regex:pom\\.xml'], excludedRegions: ['**/*.md'] };
  const stage = await open({ services: { app: { ...app, ...regions } } });
  const base = await stage.begin();
  const [decision] = await stage.push({ 'src/b.txt': '1', 'src/x.md': '1', 'pom.xml': '1', 'docs/y.txt': '1' });
  expect(decision).toMatchObject({
    decision: 'build',
    reason: { code: 'included-path-changed', paths: ['pom.xml', 'src/b.txt'], patterns: ['src/**', 'regex:pom\\.xml'] },
    base,
    head: await stage.tip(),
  });
});

test('more than twenty paths are counted and the first twenty named', async () => {
  const stage = await open();
  await stage.begin();
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`src/f${String(n).padStart(2, '0')}`, '1']));
  const [decision] = await stage.push(files);
  expect(decision?.reason.paths).toEqual(Object.keys(files).slice(0, 20));
  expect(decision?.reason.message).toContain('30 paths');
});

test('the packaging in the application repository counts whatever the patterns say', async () => {
  const regions = { includedRegions: ['src/**'], excludedRegions: ['docker/**'] };
  const stage = await open({ services: { app: { ...app, ...regions } } });
  await stage.begin();
  const [decision] = await stage.push({ 'docker/start.sh': 'echo' });
  expect(decision).toMatchObject({
    decision: 'build',
    reason: { code: 'included-path-changed', paths: ['docker/start.sh'] },
  });
});

describe('skips that say the image is right as it is', () => {
  const regions = { includedRegions: ['src/**'], excludedRegions: ['**/*.md'] };
  test.each([
    ['no path differs', {}, 'no-change'],
    ['only excluded paths differ', { 'src/readme.md': 'x', 'docs/a.txt': 'x' }, 'only-excluded-paths-changed'],
    ['no included path differs', { 'docs/a.txt': 'x' }, 'no-included-path-changed'],
  ])('%s', async (_what, files, code) => {
    const stage = await open({ services: { app: { ...app, ...regions } } });
    const base = await stage.begin();
    const [decision] = await stage.push(files);
    expect(decision).toMatchObject({
      decision: 'skip',
      reason: { code },
      base,
      head: await stage.tip(),
      buildId: null,
    });
    const covering = await stage.slipway.get<{ digest: string }>(
      `/api/v1/services/app/image?commit=${await stage.tip()}`,
    );
    expect(covering.digest).toBe(stage.fakes.fake.state('app')['main']);
    expect(await stage.slipway.builds()).toHaveLength(1);
  });
});

test('a push to a repository that no service uses is ignored, and the ledger says so', async () => {
  const stage = await open();
  const other = await stage.repoOf('abc/other');
  const after = await other.commit({ files: { a: '1' } });
  const id = await stage.slipway.deliver('abc/other', 'main', { after });
  expect(await stage.slipway.decisions(id)).toEqual([]);
  expect(await stage.slipway.get(`/api/v1/deliveries/${id}`)).toMatchObject({
    status: 'ignored',
    reason: 'repository-not-configured',
  });
});

test('one push is decided for every service of its repository, each by its own regions', async () => {
  const at = (path: string) => ({ ...app, path });
  const stage = await open({ services: { web: at('web'), api: at('api'), far: { repository: 'abc/far' } } });
  await stage.push({ 'web/Dockerfile': dockerfile, 'api/Dockerfile': dockerfile });
  await stage.slipway.quiet();
  const rows = await stage.push({ 'web/x.txt': '1' });
  expect(rows.map(({ service, reason }) => [service, reason.code])).toEqual([
    ['web', 'included-path-changed'],
    ['api', 'no-included-path-changed'],
  ]);
});
