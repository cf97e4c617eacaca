/** Pushed git tags: written once, found by the sweep if no webhook reported them. */
import { dockerfile, said, useFakeStage, useGitStage, type FakeStage } from '../../support/fake-stage.js';
import { callFromJenkins } from '../../support/jenkins.js';

const open = useFakeStage();
const openOnGit = useGitStage();
const app = { repository: 'abc/app', version: { value: '1.0' }, gitTags: ['v*'] };
const services = { app };
const config = { sweep: '5m' };

const pushTag = async (stage: FakeStage, name: string, sha: string, message?: string) => {
  await stage.repo.tag(name, sha, message);
  return stage.slipway.push('abc/app', `refs/tags/${name}`, { after: sha });
};
const imageTags = ({ fakes }: FakeStage): string[] => Object.keys(fakes.fake.state('app')).sort();
/** Branch (or tag) and kind of trigger of every build. */
const buildsOf = async (stage: FakeStage): Promise<string[]> =>
  (await stage.builds()).map(({ branch, trigger, status }) => `${branch} ${trigger.kind} ${status}`);

describe('a pushed git tag', () => {
  test('gives the image of its commit an image tag, without a build where the branch has built it', async () => {
    const stage = await open({ services });
    const head = await stage.begin();
    const rows = await pushTag(stage, 'v1.2.3', head, 'Annotated');
    expect(rows).toMatchObject([{ branch: 'refs/tags/v1.2.3', decision: 'build', reason: { code: 'git-tag' }, head }]);
    expect(await stage.ended(rows)).toMatchObject({ outcome: 'reused', image: { tags: [expect.anything(), '1.2.3'] } });
    const tags = stage.fakes.fake.state('app');
    expect(tags['1.2.3']).toBe(tags['main']);
  });

  test('builds a commit that no branch has built, and moves no branch tag', async () => {
    const stage = await open({ services });
    const head = await stage.begin();
    const side = await stage.repo.commit({ files: { 'src/a.txt': '2' }, branch: null, parents: [head] });
    await stage.ended(await pushTag(stage, 'v2', side));
    expect(stage.madeFrom('2')).toBe(side);
    expect(stage.madeFrom('main')).toBe(head);
  });

  test('that is moved keeps the image that it had', async () => {
    const stage = await open({ services });
    const first = await stage.begin();
    await stage.ended(await pushTag(stage, 'v1', first));
    await stage.push({ 'src/a.txt': '2' });
    await stage.slipway.quiet();
    expect(said(await pushTag(stage, 'v1', await stage.tip()))).toEqual(['skip tag-exists']);
    expect(stage.madeFrom('1')).toBe(first);
    expect(said(await pushTag(stage, 'v1', first))).toEqual(['skip no-change']);
  });

  test('is skipped and says why if another git tag has its image tag', async () => {
    const stage = await open({ services: { app: { ...app, gitTags: ['*'] } } });
    const first = await stage.begin();
    await stage.ended(await pushTag(stage, 'v1.2', first));
    expect(said(await pushTag(stage, '1.2', first))).toEqual(['skip no-change']);
    await stage.push({ 'src/a.txt': '2' });
    await stage.slipway.quiet();
    const second = await stage.tip();
    const rows = await pushTag(stage, '1.2', second);
    expect(said(rows)).toEqual(['skip tag-exists']);
    expect(rows[0]?.reason.message).toContain(`Image tag 1.2 belongs to git tag v1.2 and holds ${first.slice(0, 7)}`);
    expect(stage.madeFrom('1.2')).toBe(first);
  });

  test('is skipped and says why if its image tag is the version tag of another commit', async () => {
    const stage = await open({ services: { app: { ...app, gitTags: ['**'] } } });
    const first = await stage.begin();
    await stage.push({ 'src/a.txt': '2' });
    await stage.slipway.quiet();
    const version = `1.0-1-${first.slice(0, 7)}`;
    const before = imageTags(stage);
    const rows = await pushTag(stage, version, await stage.tip());
    expect(said(rows)).toEqual(['skip tag-exists']);
    expect(rows[0]?.reason.message).toContain(`Image tag ${version} is a version tag and holds ${first.slice(0, 7)}`);
    expect(said(await pushTag(stage, `v${version}`, await stage.tip()))).toEqual(['skip tag-exists']);
    expect(said(await pushTag(stage, version, first))).toEqual(['skip no-change']);
    expect(imageTags(stage)).toEqual(before);
  });

  test('takes its image tag from a branch of that name', async () => {
    const stage = await open({ services: { app: { ...app, branches: ['**'] } } });
    const head = await stage.begin();
    await stage.repo.commit({ files: { 'src/a.txt': '2' }, branch: '3.0', parents: [head] });
    await stage.deliver('3.0');
    await stage.slipway.quiet();
    expect(await stage.ended(await pushTag(stage, 'v3.0', head))).toMatchObject({
      status: 'succeeded',
      image: { tags: [expect.anything(), '3.0'] },
    });
    expect(stage.madeFrom('3.0')).toBe(head);
  });

  test('of two that stand for one image tag, the second ends without success and says why', async () => {
    const stage = await open({ services: { app: { ...app, gitTags: ['**'] } } });
    const first = await stage.begin();
    await stage.push({ 'src/a.txt': '2' });
    await stage.slipway.quiet();
    const second = await stage.tip();
    stage.hold();
    await stage.underway(await stage.push({ 'src/a.txt': '3' }));
    const rows = [await pushTag(stage, 'v9', first), await pushTag(stage, '9', second)];
    await stage.release();
    expect(await stage.ended(rows[0] ?? [])).toMatchObject({ status: 'succeeded' });
    const { status } = await stage.ended(rows[1] ?? []);
    expect(status).toBe('superseded');
    const newest = await stage.slipway.running.store.decisions.newest('app', 'refs/tags/9');
    expect(newest).toMatchObject({ decision: 'skip', reason: { code: 'tag-exists' } });
    expect(stage.madeFrom('9')).toBe(first);
  });

  test('whose image tag another program has written does not end in success, and says who is in the way', async () => {
    const stage = await open({ services });
    const head = await stage.begin();
    const { digest } = stage.fakes.fake.upload('app', '4', 'foreign');
    const build = await stage.ended(await pushTag(stage, 'v4', head));
    expect(build).toMatchObject({ status: 'failed', error: { code: 'tag-exists', blame: 'registry' } });
    expect(build.error?.message).toContain(digest);
    expect(stage.fakes.fake.state('app')['4']).toBe(digest);
  });

  test('that is built again by hand keeps the image that it has of the same commit', async () => {
    const stage = await open({ services });
    const head = await stage.begin();
    const { id } = await stage.ended(await pushTag(stage, 'v5', head));
    const { body } = await stage.slipway.post<{ id: string }>(`/api/v1/builds/${id}/retry`);
    expect(await stage.slipway.ended(body.id)).toMatchObject({ status: 'succeeded' });
    expect(stage.madeFrom('5')).toBe(head);
  });

  test('is given what was made from the artifact of its commit', async () => {
    const built = { ...app, trigger: 'artifact', artifact: 'target/app.jar' };
    const stage = await open({ services: { app: built } });
    const first = await stage.begin();
    const artifact = (text: string) => ({ name: 'app.jar', content: Buffer.from(text) });
    for (const [commit, text] of [
      [first, 'jar 1'] as const,
      [await stage.repo.commit({ files: { a: '2' } }), 'jar 2'] as const,
    ]) {
      const call = { service: 'app', branch: 'main', commit, artifact: artifact(text) };
      await stage.slipway.ended((await callFromJenkins(stage.slipway, call)).body.id);
    }
    const build = await stage.ended(await pushTag(stage, 'v1', first));
    expect(build).toMatchObject({ status: 'succeeded', outcome: 'reused' });
    expect(stage.fakes.behind('app', '1')?.files.get('target/app.jar')).toBe('jar 1');
  });

  test('that no pattern of gitTags takes is skipped', async () => {
    const stage = await open({ services });
    expect(said(await pushTag(stage, 'nightly', await stage.begin()))).toEqual(['skip branch-not-configured']);
  });

  test('of a service that is built from artifacts takes that of its commit, and waits for it', async () => {
    const fromJar = { ...app, trigger: 'artifact', artifact: 'app.jar' };
    const stage = await open({ services: { app: fromJar } });
    await stage.push({ Dockerfile: dockerfile, 'src/a.txt': '1' });
    const bring = async () => {
      const artifact = { name: 'app.jar', content: Buffer.from(`jar of ${await stage.tip()}`) };
      await callFromJenkins(stage.slipway, { service: 'app', branch: 'main', artifact });
      await stage.slipway.quiet();
    };
    await bring();
    const built = await stage.ended(await pushTag(stage, 'v1', await stage.tip()));
    expect(built).toMatchObject({ outcome: 'reused', image: { tags: [expect.anything(), '1'] } });

    await stage.push({ 'src/a.txt': '2' });
    expect(said(await pushTag(stage, 'v2', await stage.tip()))).toEqual(['skip waiting-for-artifact']);
    await bring();
    const { '1': one, '2': two, main } = stage.fakes.fake.state('app');
    expect(two).toBe(main);
    expect(one).not.toBe(main);
  });

  test('that is deleted is ignored, and its queued build canceled', async () => {
    const stage = await open({ services });
    const head = await stage.begin();
    stage.hold();
    await stage.underway(await stage.push({ 'src/a.txt': '2' }));
    const rows = await pushTag(stage, 'v1', head);
    await stage.repo.deleteTag('v1');
    const id = await stage.slipway.deliver('abc/app', 'refs/tags/v1', { before: head, after: '0'.repeat(40) });
    expect(await stage.ended(rows)).toMatchObject({ status: 'canceled' });
    expect(await stage.slipway.get(`/api/v1/deliveries/${id}`)).toMatchObject({ reason: 'tag-deleted' });
    await stage.release();
  });
});

describe('git tags that no webhook reported', () => {
  test('are found by the sweep, however many', async () => {
    const stage = await open({ services, config });
    const head = await stage.begin();
    await stage.sweep();
    for (const name of ['v1', 'v2', 'v3', 'v4', 'v5', 'other']) await stage.repo.tag(name, head);
    await stage.sweep();
    const version = `1.0-1-${head.slice(0, 7)}`;
    expect(imageTags(stage)).toEqual(['1', version, '2', '3', '4', '5', 'main'].sort());
    expect((await buildsOf(stage)).slice(1).sort()).toEqual(
      ['v1', 'v2', 'v3', 'v4', 'v5'].map((name) => `refs/tags/${name} sweep succeeded`),
    );
    await stage.sweep();
    expect(await stage.builds()).toHaveLength(6);
  });

  test('are found at the start where they were pushed while the server was down', async () => {
    const stage = await open({ services, config });
    const head = await stage.begin();
    await stage.sweep();
    await stage.slipway.stop();
    await stage.repo.tag('v1', head);
    await stage.slipway.start();
    await stage.swept();
    expect(await buildsOf(stage)).toEqual(['main push succeeded', 'refs/tags/v1 sweep succeeded']);
  });

  test('are left alone where the first sweep of the repository finds them', async () => {
    const stage = await open({ services });
    const head = await stage.begin();
    for (const name of ['v1', 'v2']) await stage.repo.tag(name, head);
    await stage.slipway.stop();
    await stage.slipway.start(config);
    await stage.swept();
    await stage.sweep();
    expect(await buildsOf(stage)).toEqual(['main push succeeded']);
    await stage.repo.tag('v3', head);
    await stage.sweep();
    expect(await buildsOf(stage)).toEqual(['main push succeeded', 'refs/tags/v3 sweep succeeded']);
  });

  test('are left alone where a new pattern makes them the service’s', async () => {
    const stage = await open({ services, config });
    const head = await stage.begin();
    await stage.repo.tag('r1', head);
    await stage.sweep();
    await stage.slipway.stop();
    await stage.slipway.start({ services: { app: { ...app, gitTags: ['v*', 'r*'] } } });
    await stage.swept();
    expect(await buildsOf(stage)).toEqual(['main push succeeded']);
  });

  test('and that were moved before any build of them succeeded are built where they are now', async () => {
    const stage = await open({ services, config });
    const first = await stage.begin();
    await stage.push({ 'src/a.txt': '2' });
    await stage.sweep();
    const broken = await stage.repo.commit({
      files: { 'docker/Dockerfile': `${dockerfile}RUN exit 1\n` },
      branch: 'x',
    });
    await stage.repo.tag('v1', broken);
    await stage.sweep();
    await stage.repo.tag('v1', first);
    await stage.sweep();
    expect((await buildsOf(stage)).slice(2)).toEqual(['refs/tags/v1 sweep failed', 'refs/tags/v1 sweep succeeded']);
    expect(stage.madeFrom('1')).toBe(first);
  });

  test('keep nobody from a decision where they name no commit', async () => {
    const stage = await openOnGit({ services, config });
    const head = await stage.begin();
    await stage.sweep();
    await stage.repo.git('update-ref', 'refs/tags/v0', await stage.repo.git('rev-parse', `${head}:src/a.txt`));
    await stage.repo.tag('v1', head);
    await stage.sweep();
    expect(await buildsOf(stage)).toEqual(['main push succeeded', 'refs/tags/v1 sweep succeeded']);
  });
});
