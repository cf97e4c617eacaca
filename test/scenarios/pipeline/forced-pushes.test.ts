/** History that is rewritten, also while builds of it are queued or running, and deliveries in the wrong order. */
import { dockerfile, said, useFakeStage, useGitStage } from '../../support/fake-stage.js';

const open = useFakeStage();
const openOnGit = useGitStage();
const app = { repository: 'abc/app', version: { value: '1.0' } };

test('a forced push that drops commits is compared with what was built, not with what it says', async () => {
  const stage = await openOnGit();
  const first = await stage.begin();
  await stage.push({ 'src/b.txt': '1' });
  await stage.slipway.quiet();
  const second = await stage.tip();
  const forced = await stage.repo.commit({ files: { 'src/c.txt': '1' }, parents: [first] });
  const [decision] = await stage.deliver();
  expect(decision).toMatchObject({
    reason: { code: 'included-path-changed', paths: ['src/b.txt', 'src/c.txt'] },
    base: second,
    head: forced,
  });
  await stage.slipway.quiet();
  expect(stage.madeFrom('main')).toBe(forced);
  expect(stage.fakes.behind('app', 'main')?.files.has('src/b.txt')).toBe(false);
});

test('a forced push back to the baseline while the newer commit is queued builds nothing', async () => {
  const stage = await open({ services: { app: { ...app, branches: ['main', 'other'] } } });
  const first = await stage.begin();
  stage.hold();
  await stage.underway(await stage.push({ x: '1' }, { branch: 'other', parents: [first] }));
  const newer = await stage.push({ 'src/a.txt': '2' });
  await stage.repo.forcePush('main', first);
  expect(said(await stage.deliver())).toEqual(['skip no-change']);
  await stage.release();
  expect(await stage.ended(newer)).toMatchObject({ status: 'superseded' });
  expect(stage.madeFrom('main')).toBe(first);
});

describe('a forced push back to the baseline while the newer commit is being built', () => {
  test.each([
    ['is reported', true],
    ['is not reported', false],
  ])('that %s ends with the right image behind the branch tag', async (_what, isReported) => {
    const stage = await open();
    const first = await stage.begin();
    stage.hold();
    const newer = await stage.push({ 'src/a.txt': '2' });
    await stage.underway(newer);
    await stage.repo.forcePush('main', first);
    if (isReported) expect(said(await stage.deliver())).toEqual(['skip no-change']);
    await stage.release();
    expect(await stage.ended(newer)).toMatchObject({ status: 'succeeded' });
    expect((await stage.builds()).at(-1)).toMatchObject({ commit: first, outcome: 'reused' });
    expect(stage.madeFrom('main')).toBe(first);
  });

  test('and that fails leaves the image where it was', async () => {
    const stage = await open();
    const first = await stage.begin();
    stage.hold();
    const newer = await stage.push({ Dockerfile: 'x', 'docker/Dockerfile': `${dockerfile}RUN exit 1\n` });
    await stage.underway(newer);
    await stage.repo.forcePush('main', first);
    await stage.deliver();
    await stage.release();
    expect(await stage.ended(newer)).toMatchObject({ status: 'failed' });
    expect(await stage.builds()).toHaveLength(2);
    expect(stage.madeFrom('main')).toBe(first);
  });
});

test('a forced push to a commit whose build failed before builds it again, reported or not', async () => {
  const stage = await open();
  await stage.begin();
  stage.fakes.engine.fail('build', 'dockerfile-step-failed');
  await stage.push({ 'src/a.txt': '2' });
  const failed = await stage.tip();
  await stage.slipway.quiet();
  stage.hold();
  await stage.underway(await stage.push({ 'src/a.txt': '3' }));
  await stage.repo.forcePush('main', failed);
  await stage.release();
  expect(stage.madeFrom('main')).toBe(failed);
});

test('packaging that is taken back while it is being built ends with the image of the packaging in force', async () => {
  const stage = await open({ central: { 'app/Dockerfile': dockerfile } });
  await stage.push({ 'a.txt': '1' });
  await stage.slipway.quiet();
  const before = stage.fakes.fake.state('app')['main'];
  stage.hold();
  await stage.slipway.writeCentral('app/Dockerfile', `${dockerfile}USER 1\n`);
  await stage.underway(await stage.deliver());
  await stage.slipway.writeCentral('app/Dockerfile', dockerfile);
  await stage.release();
  expect((await stage.builds()).map(({ outcome }) => outcome)).toEqual(['built', 'built', 'reused']);
  expect(stage.fakes.fake.state('app')['main']).toBe(before);
});

test('history that has nothing in common with the baseline is compared by its trees', async () => {
  const stage = await open();
  await stage.begin({ 'old.txt': '1' });
  await stage.repo.commit({
    files: { 'docker/Dockerfile': dockerfile, 'src/a.txt': '1', 'new.txt': '1' },
    parents: [],
  });
  expect(await stage.deliver()).toMatchObject([
    { reason: { code: 'included-path-changed', paths: ['new.txt', 'old.txt'] } },
  ]);
});

test('deliveries out of order never move a tag back', async () => {
  const stage = await open();
  await stage.begin();
  const older = await stage.repo.commit({ files: { 'src/a.txt': '2' } });
  const newer = await stage.repo.commit({ files: { 'src/a.txt': '3' } });
  await stage.slipway.push('abc/app', 'main', { before: older, after: newer });
  await stage.slipway.quiet();
  const [late] = await stage.slipway.push('abc/app', 'main', { after: older });
  expect(late).toMatchObject({ decision: 'skip', reason: { code: 'no-change' }, head: newer });
  expect(stage.madeFrom('main')).toBe(newer);
});

test('a manual rebuild of an old commit moves nothing but its own version tag', async () => {
  const stage = await open({ config: { sweep: '5m' } });
  const first = await stage.begin();
  await stage.push({ 'src/a.txt': '2' });
  await stage.slipway.quiet();
  const head = await stage.tip();
  const { body } = await stage.slipway.post<{ id: string }>('/rebuild/app', { commit: first.slice(0, 8) });
  await stage.sweep();
  expect(await stage.slipway.build(body.id)).toMatchObject({
    commit: first,
    outcome: 'built',
    image: { tags: [`1.0-1-${first.slice(0, 7)}`] },
  });
  expect(stage.madeFrom('main')).toBe(head);
  expect(await stage.builds()).toHaveLength(3);
  expect(said(await stage.deliver())).toEqual(['skip no-change']);
});

test('the same commit on two branches is one image with the tags of both', async () => {
  const stage = await open({ services: { app: { ...app, branches: ['*'] } } });
  await stage.begin();
  await stage.push({ 'src/a.txt': '2' });
  const head = await stage.tip();
  await stage.repo.branch('twin', head);
  await stage.deliver('twin');
  await stage.slipway.quiet();
  const tags = stage.fakes.fake.state('app');
  expect(tags['twin']).toBe(tags['main']);
  expect(stage.fakes.engine.builds).toHaveLength(2);

  await stage.push({ 'src/a.txt': '3' }, { branch: 'twin' });
  await stage.slipway.quiet();
  expect(stage.madeFrom('twin')).toBe(await stage.tip('twin'));
  expect(stage.madeFrom('main')).toBe(head);
});

describe('a deleted branch', () => {
  test('takes its queued builds with it, and nobody else’s', async () => {
    const stage = await open({ services: { app: { ...app, branches: ['*'] } } });
    const first = await stage.begin();
    stage.hold();
    await stage.underway(await stage.push({ 'src/a.txt': '2' }));
    const gone = await stage.push({ 'src/a.txt': '3' }, { branch: 'gone', parents: [first] });
    const kept = await stage.push({ 'src/a.txt': '4' }, { branch: 'kept', parents: [first] });
    await stage.repo.deleteBranch('gone');
    const id = await stage.slipway.deliver('abc/app', 'gone', { after: '0'.repeat(40) });
    expect(await stage.ended(gone)).toMatchObject({ status: 'canceled' });
    await stage.release();
    expect(await stage.slipway.get(`/api/v1/deliveries/${id}`)).toMatchObject({
      status: 'ignored',
      reason: 'branch-deleted',
      decisions: [],
    });
    expect(await stage.ended(kept)).toMatchObject({ status: 'succeeded' });
  });

  test('that comes back is looked at from where it was', async () => {
    const stage = await open({ services: { app: { ...app, branches: ['*'] } } });
    const first = await stage.begin();
    await stage.repo.branch('topic', first);
    await stage.deliver('topic');
    await stage.slipway.quiet();
    await stage.repo.deleteBranch('topic');
    await stage.slipway.deliver('abc/app', 'topic', { after: '0'.repeat(40) });
    await stage.repo.branch('topic', first);
    expect(said(await stage.deliver('topic'))).toEqual(['skip no-change']);
    expect(said(await stage.push({ 'src/a.txt': '2' }, { branch: 'topic' }))).toEqual(['build included-path-changed']);
  });
});
