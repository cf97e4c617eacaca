/** What Slipway finds without being told. */
import { git } from '../../support/git.js';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { dockerfile, said, useFakeStage, useGitStage, type FakeStage } from '../../support/fake-stage.js';
import { leapClock } from '../../support/leap-clock.js';

const open = useFakeStage();
const openOnGit = useGitStage();
const app = { repository: 'abc/app', version: { value: '1.0' } };
const config = { sweep: '5m' };

const buildsOf = async (stage: FakeStage): Promise<string[]> =>
  (await stage.builds()).map(({ branch, trigger, status }) => `${branch} ${trigger.kind} ${status}`);

const newest = (stage: FakeStage) => stage.slipway.running.store.decisions.newest('app', 'main');

/** What the metric counts, by fault. */
async function recovered(stage: FakeStage): Promise<string[]> {
  const { body } = await stage.slipway.request('GET', '/metrics');
  return [...body.matchAll(/^slipway_sweep_recovered_total(.*)$/gm)].map(([, counted = '']) => counted);
}

test('a push that no webhook reported is found by the sweep, and counted', async () => {
  const stage = await open({ config });
  await stage.begin();
  const head = await stage.repo.commit({ files: { 'src/a.txt': '2' } });
  await stage.sweep();
  expect(await buildsOf(stage)).toEqual(['main push succeeded', 'main sweep succeeded']);
  expect(stage.madeFrom('main')).toBe(head);
  expect(await recovered(stage)).toEqual(['{fault="never-received"} 1']);
  expect((await newest(stage))?.reason.message).toBe(
    '1 path of the service changed: src/a.txt (every path). Found without a webhook: none was received.',
  );
});

describe('the fault of the webhook is named', () => {
  const refuse = async (stage: FakeStage) => {
    const headers = { 'content-type': 'application/json', 'x-hub-signature-256': 'sha256=0' };
    const answer = await stage.slipway.send({ method: 'POST', url: '/webhooks/github', headers, payload: '{}' });
    expect(answer.statusCode).toBe(401);
  };
  const refused = 'Found without a webhook: one was refused since the sweep before (invalid-signature).';

  test('where one was refused since the sweep before', async () => {
    const stage = await open({ config });
    await stage.begin();
    await refuse(stage);
    await stage.repo.commit({ files: { 'src/a.txt': '2' } });
    await stage.sweep();
    expect((await newest(stage))?.reason.message).toContain(refused);
    await stage.repo.commit({ files: { 'src/a.txt': '3' } });
    await stage.sweep();
    expect((await newest(stage))?.reason.message).toContain('none was received');
    expect(await recovered(stage)).toEqual(['{fault="refused"} 1', '{fault="never-received"} 1']);
  });

  test('where one came for the name that the repository was given', async () => {
    const stage = await open({ config });
    await stage.begin();
    const after = await stage.repo.commit({ files: { 'src/a.txt': '2' } });
    const id = await stage.slipway.deliver('abc/app-new', 'main', { after });
    await stage.sweep();
    expect((await newest(stage))?.reason.message).toContain(
      `Found without a webhook: delivery ${id} was for abc/app-new, which no service uses. Was the repository renamed?`,
    );
    expect(await recovered(stage)).toEqual(['{fault="renamed"} 1']);
    expect(await stage.slipway.get(`/api/v1/deliveries/${id}`)).toMatchObject({
      status: 'ignored',
      reason: 'repository-not-configured',
    });
  });

  test('where one was refused before a restart', async () => {
    const stage = await open({ config });
    await stage.begin();
    await refuse(stage);
    await stage.repo.commit({ files: { 'src/a.txt': '2' } });
    await stage.slipway.stop();
    await stage.slipway.start();
    await stage.swept();
    expect((await newest(stage))?.reason.message).toContain(refused);
  });

  test('where its delivery failed', async () => {
    const stage = await openOnGit({ config });
    await stage.begin();
    const head = await stage.repo.commit({ files: { 'src/a.txt': '2' } });
    const away = `${stage.repo.dir}.away`;
    await rename(stage.repo.dir, away);
    // What no waiting heals: the ids of SHA-256.
    await git(dirname(away), ['init', '--quiet', '--bare', '--object-format=sha256', stage.repo.dir]);
    const tree = (await git(stage.repo.dir, ['mktree'], { input: '' })).toString().trim();
    const other = (await git(stage.repo.dir, ['commit-tree', '-m', 'x', tree])).toString().trim();
    await git(stage.repo.dir, ['update-ref', 'refs/heads/main', other]);
    const id = await stage.slipway.deliver('abc/app', 'main', { after: head });
    await stage.until('the delivery to fail', async () => {
      const { status } = await stage.slipway.get(`/api/v1/deliveries/${id}`);
      return status === 'failed';
    });
    await rm(stage.repo.dir, { recursive: true });
    await rename(away, stage.repo.dir);
    await stage.sweep();
    expect((await newest(stage))?.reason.message).toContain(
      `Found without a webhook: delivery ${id} failed (repository-unsupported: `,
    );
    expect(await recovered(stage)).toEqual(['{fault="failed"} 1']);
    expect(stage.madeFrom('main')).toBe(head);
  });

  test('not where the git host did not show the repository for a while: the delivery waits', async () => {
    const stage = await openOnGit({ config });
    await stage.begin();
    const head = await stage.repo.commit({ files: { 'src/a.txt': '2' } });
    const away = `${stage.repo.dir}.away`;
    await rename(stage.repo.dir, away);
    const id = await stage.slipway.deliver('abc/app', 'main', { after: head });
    const { looks } = stage.slipway.running.store;
    await stage.until('the look to be put off', async () =>
      (await looks.due(Number.MAX_SAFE_INTEGER, 10, [])).some(({ attempt }) => attempt > 0),
    );
    expect(await stage.slipway.get(`/api/v1/deliveries/${id}`)).toMatchObject({ status: 'accepted' });
    await rename(away, stage.repo.dir);
    await stage.until('the delivery to be planned', async () => {
      const { status } = await stage.slipway.get(`/api/v1/deliveries/${id}`);
      return status === 'planned';
    });
    await stage.slipway.quiet();
    expect(stage.madeFrom('main')).toBe(head);
  });
});

test('a push that no webhook reported and that concerns nobody is recorded as a skip, once', async () => {
  const stage = await open({ services: { app: { ...app, includedRegions: ['src/**'] } }, config });
  await stage.begin();
  const head = await stage.repo.commit({ files: { 'docs/a.md': '2' } });
  await stage.sweep();
  const { decisions } = stage.slipway.running.store;
  const found = await decisions.newest('app', 'main');
  expect(found).toMatchObject({ head, decision: 'skip', trigger: { kind: 'sweep' } });
  await stage.sweep();
  expect(await decisions.newest('app', 'main')).toEqual(found);
});

test('a literal branch without a decision is looked at by the sweep and at the start', async () => {
  const services = { app: { ...app, branches: ['main', 'master', 'release/*'] } };
  const stage = await open({ services, config });
  const head = await stage.repo.commit({ files: { Dockerfile: dockerfile } });
  await stage.sweep();
  expect(await buildsOf(stage)).toEqual(['main sweep succeeded']);
  await stage.slipway.stop();
  await stage.repo.branch('master', head);
  await stage.slipway.start();
  await stage.swept();
  expect(await buildsOf(stage)).toEqual(['main sweep succeeded', 'master sweep succeeded']);
});

test('a branch that only a wildcard matches waits for its first push, and is swept from then on', async () => {
  const stage = await open({ config });
  const head = await stage.begin();
  await stage.repo.branch('release/1.0', head);
  await stage.sweep();
  expect(await buildsOf(stage)).toEqual(['main push succeeded']);
  await stage.deliver('release/1.0');
  await stage.slipway.quiet();
  await stage.repo.commit({ files: { 'src/a.txt': '2' }, branch: 'release/1.0' });
  await stage.sweep();
  expect((await buildsOf(stage)).slice(1)).toEqual(['release/1.0 push succeeded', 'release/1.0 sweep succeeded']);
});

test('sweep: off looks neither at the start nor later, and a push still does', async () => {
  const stage = await openOnGit();
  const first = await stage.repo.commit({ files: { Dockerfile: dockerfile } });
  await stage.slipway.stop();
  await stage.slipway.start();
  stage.clock.leap(3_600_000);
  await stage.slipway.quiet();
  expect(await stage.builds()).toEqual([]);
  expect(stage.slipway.host.server.requests).toEqual([]);
  expect(said(await stage.deliver())).toEqual(['build first-build']);
  await stage.slipway.quiet();
  expect(stage.madeFrom('main')).toBe(first);
});

test('a repository that does not answer keeps no other from being swept', async () => {
  const stage = await open({ services: { gone: { ...app, repository: 'abc/gone' }, app }, config });
  await stage.repo.commit({ files: { Dockerfile: dockerfile } });
  await stage.sweep();
  expect(await buildsOf(stage)).toEqual(['main sweep succeeded']);
  expect(stage.slipway.log.lines.map(({ message }) => message)).toContainEqual(
    expect.stringContaining('sweep skipped abc/gone'),
  );
});

test('a branch that is gone takes its queued builds with it', async () => {
  const stage = await open({ services: { app: { ...app, branches: ['*'] } }, config });
  const first = await stage.begin();
  stage.hold();
  await stage.underway(await stage.push({ 'src/a.txt': '2' }));
  const rows = await stage.push({ 'src/a.txt': '3' }, { branch: 'gone', parents: [first] });
  await stage.repo.deleteBranch('gone');
  stage.clock.leap(300_000);
  expect(await stage.ended(rows)).toMatchObject({ status: 'canceled' });
  await stage.release();
});

describe('a push whose commit the host does not show yet', () => {
  // Another look is put off by two seconds. It is not to come before the test has seen that.
  const standing = () => ({ clock: leapClock({ standing: true }) });

  test('is decided on the tip, and looked at again until the commit shows', async () => {
    const stage = await open(standing());
    const first = await stage.begin();
    const next = await stage.repo.commit({ files: { 'src/a.txt': '2' }, branch: null, parents: [first] });
    await stage.repo.branch('late', next);
    const bundle = await stage.repo.takeAway('late');
    const id = await stage.slipway.deliver('abc/app', 'main', { before: first, after: next });
    expect(await stage.slipway.decisions(id)).toMatchObject([{ decision: 'skip', reason: { code: 'no-change' } }]);
    await stage.slipway.quiet();
    const { looks } = stage.slipway.running.store;
    await stage.until('another look to be put off', async () => (await looks.nextDueAt([])) !== null);
    await bundle.bringBack();
    await stage.repo.branch('main', next);
    stage.clock.leap(2_000);
    const decided = await stage.until('the commit to be decided on', async () => {
      const rows = await stage.slipway.decisions(id);
      return rows.length > 1 && rows;
    });
    expect(decided).toMatchObject([{ head: first }, { head: next, decision: 'build' }]);
    await stage.slipway.quiet();
    expect(stage.madeFrom('main')).toBe(next);
  });

  test('is looked at again where the host does not show its branch yet', async () => {
    const stage = await open({ services: { app: { ...app, branches: ['*'] } }, ...standing() });
    const head = await stage.begin();
    const id = await stage.slipway.deliver('abc/app', 'new', { after: head });
    expect(await stage.slipway.decisions(id)).toEqual([]);
    await stage.repo.branch('new', head);
    const { looks } = stage.slipway.running.store;
    await stage.until('another look to be put off', async () => (await looks.nextDueAt([])) !== null);
    stage.clock.leap(2_000);
    await stage.until('the branch to be decided on', async () => (await stage.slipway.decisions(id)).length > 0);
    expect(await stage.slipway.get(`/api/v1/deliveries/${id}`)).toMatchObject({ status: 'planned' });
    await stage.slipway.quiet();
    expect(stage.madeFrom('new')).toBe(head);
  });

  test('is given up in the end, without repeating itself', async () => {
    const stage = await open();
    await stage.begin();
    const id = await stage.slipway.deliver('abc/app', 'main', { after: 'dead'.repeat(10) });
    await stage.slipway.decisions(id);
    for (const looks = stage.slipway.running.store.looks; ; stage.clock.leap(61_000)) {
      await stage.slipway.quiet();
      if ((await looks.nextDueAt([])) === null) break;
    }
    expect(await stage.slipway.decisions(id)).toHaveLength(1);
  });
});
