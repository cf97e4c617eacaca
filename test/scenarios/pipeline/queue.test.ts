/** What waits, what takes its place, and what runs side by side. */
import { dockerfile, said, useFakeStage, type FakeStage } from '../../support/fake-stage.js';
import { until } from '../../support/slipway.js';

const open = useFakeStage();
const app = { repository: 'abc/app', version: { value: '1.0' } };

const statuses = async (stage: FakeStage): Promise<string[]> => (await stage.builds()).map(({ status }) => status);

describe('the same head', () => {
  test('is decided with the build that is running or queued for it', async () => {
    const stage = await open();
    await stage.begin();
    stage.hold();
    const running = await stage.push({ 'src/a.txt': '2' });
    const id = await stage.underway(running);
    expect(await stage.deliver()).toMatchObject([{ decision: 'build', buildId: id }]);
    const [queued] = await stage.push({ 'src/a.txt': '3' });
    expect(await stage.deliver()).toMatchObject([{ decision: 'build', buildId: queued?.buildId }]);
    await stage.release();
    expect(await statuses(stage)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  });

  test('delivered twice with the same id is decided once', async () => {
    const stage = await open();
    const after = await stage.repo.commit({ files: { Dockerfile: dockerfile } });
    const id = await stage.slipway.deliver('abc/app', 'main', { after });
    await stage.slipway.deliver('abc/app', 'main', { after }, id);
    await stage.slipway.quiet();
    expect(await stage.slipway.decisions(id)).toHaveLength(1);
    expect(await statuses(stage)).toEqual(['succeeded']);
  });
});

describe('a queued build', () => {
  test('is superseded by a decision on another head, by a skip too', async () => {
    const stage = await open();
    const first = await stage.begin();
    stage.hold();
    await stage.underway(await stage.push({ 'src/a.txt': '2' }));
    await stage.push({ 'src/a.txt': '3' });
    await stage.push({ 'src/a.txt': '4' });
    expect(await statuses(stage)).toEqual(['succeeded', 'running', 'superseded', 'queued']);
    expect(said(await stage.push({ 'src/a.txt': '1' }))).toEqual(['skip no-change']);
    expect(await statuses(stage)).toEqual(['succeeded', 'running', 'superseded', 'superseded']);
    await stage.release();
    // What was running has moved the tag in the meantime, so its end brings the image of the head back.
    expect((await stage.builds()).at(-1)).toMatchObject({ commit: await stage.tip(), outcome: 'reused' });
    expect(stage.madeFrom('main')).toBe(first);
  });

  test('is decided again when its turn comes, and superseded where its head is no longer one', async () => {
    const stage = await open();
    await stage.begin();
    stage.hold();
    await stage.underway(await stage.push({ 'src/a.txt': '2' }));
    const queued = await stage.push({ 'src/a.txt': '3' });
    const head = await stage.repo.commit({ files: { 'src/a.txt': '4' } });
    await stage.release();
    expect(await stage.ended(queued)).toMatchObject({ status: 'superseded', image: null });
    expect((await stage.builds()).at(-1)).toMatchObject({ commit: head, status: 'succeeded' });
    expect(stage.madeFrom('main')).toBe(head);
  });

  test('is superseded at its turn where that decides to skip', async () => {
    const services = { app: { ...app, branches: ['main', 'other'] } };
    const stage = await open({ services, central: { 'app/Dockerfile': dockerfile } });
    await stage.push({ 'a.txt': '1' });
    await stage.slipway.quiet();
    stage.hold();
    await stage.underway(await stage.push({ 'b.txt': '1' }, { branch: 'other' }));
    await stage.slipway.writeCentral('app/Dockerfile', `${dockerfile}USER 1\n`);
    const queued = await stage.deliver();
    expect(said(queued)).toEqual(['build packaging-changed']);
    await stage.slipway.writeCentral('app/Dockerfile', dockerfile);
    await stage.release();
    expect(await stage.ended(queued)).toMatchObject({ status: 'superseded' });
    expect(await stage.slipway.logOf(queued[0]?.buildId ?? null)).toContain('No longer needed');
  });

  test('that is forced is never superseded', async () => {
    const stage = await open();
    const first = await stage.begin();
    stage.hold();
    await stage.underway(await stage.push({ 'src/a.txt': '2' }));
    const { body } = await stage.slipway.post<{ id: string }>('/rebuild/app', { commit: first });
    await stage.push({ 'src/a.txt': '3' });
    await stage.push({ 'src/a.txt': '1' });
    await stage.release();
    expect(await stage.slipway.build(body.id)).toMatchObject({ status: 'succeeded', commit: first });
  });
});

test('the head of a branch is covered by the image that made its queued build needless', async () => {
  const services = { app: { ...app, excludedRegions: ['**/*.md'] } };
  const stage = await open({ services, config: { sweep: '5m' } });
  await stage.begin();
  stage.hold();
  await stage.underway(await stage.push({ 'src/a.txt': '2' }));
  const built = await stage.tip();
  const queued = await stage.push({ 'README.md': '1' });
  await stage.release();
  expect(await stage.ended(queued)).toMatchObject({ status: 'superseded' });
  const covering = await stage.slipway.get(`/api/v1/services/app/image?commit=${await stage.tip()}`);
  expect(covering).toMatchObject({ builtCommit: built, commit: await stage.tip() });
  // It is said once.
  const decided = await stage.slipway.running.store.decisions.last(100);
  await stage.sweep();
  expect(await stage.slipway.running.store.decisions.last(100)).toEqual(decided);
});

describe('builds: every-push', () => {
  test("builds each push's own commit, and only the head moves the branch tag", async () => {
    const stage = await open({ services: { app: { ...app, builds: 'every-push' } } });
    await stage.begin();
    stage.hold();
    await stage.underway(await stage.push({ 'src/a.txt': '2' }));
    await stage.push({ 'src/a.txt': '3' });
    await stage.push({ 'src/a.txt': '4' });
    await stage.release();
    const builds = (await stage.builds()).slice(1);
    const own = ({ commit }: { commit: string }, count: number) => `1.0-${count}-${commit.slice(0, 7)}`;
    expect(builds.map(({ image }) => image?.tags)).toEqual([
      [own(builds[0]!, 2), 'main'],
      [own(builds[1]!, 3)],
      [own(builds[2]!, 4), 'main'],
    ]);
    expect(stage.madeFrom('main')).toBe(await stage.tip());
  });

  test('builds a push that is reported late, and moves nothing back', async () => {
    const stage = await open({ services: { app: { ...app, builds: 'every-push' } } });
    await stage.begin();
    const older = await stage.repo.commit({ files: { 'src/a.txt': '2' } });
    await stage.push({ 'src/a.txt': '3' });
    await stage.slipway.quiet();
    const late = await stage.slipway.push('abc/app', 'main', { after: older });
    const build = await stage.ended(late);
    expect(build).toMatchObject({ commit: older, status: 'succeeded' });
    expect(build.image?.tags).toHaveLength(1);
    await stage.slipway.quiet();
    expect(stage.madeFrom('main')).toBe(await stage.tip());
  });
});

test.each(['failed', 'canceled'])(
  'a build of the head that %s is not repeated for a push reported late',
  async (how) => {
    const stage = await open({ services: { app: { ...app, builds: 'every-push' } }, config: { sweep: '5m' } });
    await stage.begin();
    const older = await stage.repo.commit({ files: { 'src/a.txt': '2' } });
    stage.hold();
    if (how === 'failed') stage.fakes.engine.fail('build', 'dockerfile-step-failed');
    const rows = await stage.push({ 'src/a.txt': '3' });
    await stage.slipway.push('abc/app', 'main', { after: older });
    if (how === 'canceled') await stage.slipway.post(`/api/v1/builds/${rows[0]?.buildId}/cancel`);
    await stage.release();
    await stage.sweep();
    const ofHead = (await stage.builds()).filter(({ commit }) => commit === rows[0]?.head);
    expect(ofHead.map(({ status }) => status)).toEqual([how]);
  },
);

test('a head that failed once, and that the branch is moved back to, is built', async () => {
  const stage = await open({ services: { app: { ...app, builds: 'every-push' } }, config: { sweep: '5m' } });
  await stage.begin();
  stage.fakes.engine.fail('build', 'dockerfile-step-failed');
  await stage.push({ 'src/a.txt': '2' });
  await stage.slipway.quiet();
  const failed = await stage.tip();
  await stage.push({ 'src/a.txt': '3' });
  await stage.slipway.quiet();
  await stage.repo.forcePush('main', failed);
  await stage.sweep();
  expect(stage.madeFrom('main')).toBe(failed);
});

test('a head that failed, left for an older one and taken up again, is built', async () => {
  const stage = await open({ services: { app: { ...app, builds: 'every-push' } }, config: { sweep: '5m' } });
  const older = await stage.begin();
  stage.fakes.engine.fail('build', 'dockerfile-step-failed');
  await stage.push({ 'src/a.txt': '2' });
  await stage.slipway.quiet();
  const failed = await stage.tip();
  await stage.repo.forcePush('main', older);
  await stage.slipway.push('abc/app', 'main', { before: failed, after: older });
  await stage.slipway.quiet();
  await stage.repo.forcePush('main', failed);
  await stage.sweep();
  expect(stage.madeFrom('main')).toBe(failed);
});

test('a skip about an older commit loses no queued build of the head', async () => {
  const services = { app: { ...app, builds: 'every-push', branches: ['main', 'other'] } };
  const stage = await open({ services });
  const first = await stage.begin();
  stage.hold();
  await stage.underway(await stage.push({ x: '1' }, { branch: 'other', parents: [first] }));
  const head = await stage.repo.commit({ files: { 'src/a.txt': '2' } });
  await stage.slipway.post('/api/v1/builds', { service: 'app', branch: 'main' });
  expect(said(await stage.slipway.push('abc/app', 'main', { after: first }))).toEqual(['skip no-change']);
  await stage.release();
  expect(stage.madeFrom('main')).toBe(head);
});

describe('side by side', () => {
  test('run builds of different services up to the limit', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const services = Object.fromEntries(names.map((name) => [name, { ...app, path: name }]));
    const stage = await open({ services });
    stage.hold();
    await stage.push(Object.fromEntries(names.map((name) => [`${name}/Dockerfile`, dockerfile])));
    await until('two builds to run', async () => stage.fakes.engine.mostAtOnce === 2);
    expect(await stage.slipway.builds('&status=queued')).toHaveLength(2);
    await stage.release();
    expect(await statuses(stage)).toEqual(names.map(() => 'succeeded'));
    expect(stage.fakes.engine.mostAtOnce).toBe(2);
  });

  test('never run builds of one service, whatever their branches', async () => {
    const stage = await open({ services: { app: { ...app, branches: ['*'] } } });
    const head = await stage.repo.commit({ files: { Dockerfile: dockerfile } });
    for (const branch of ['one', 'two', 'three']) {
      await stage.push({ [branch]: '1' }, { branch, parents: [head] });
      await stage.slipway.post('/rebuild/app', { branch });
    }
    await stage.slipway.quiet();
    expect(await statuses(stage)).toEqual(Array(6).fill('succeeded'));
    expect(stage.fakes.engine.mostAtOnce).toBe(1);
  });
});
