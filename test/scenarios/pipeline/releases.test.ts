/** Every image is released with the run file that belongs to its commit. */
import { join } from 'node:path';
import Libsql from 'libsql';
import { said, useFakeStage, type FakeStage } from '../../support/fake-stage.js';
import { coveringNumber, numbersOf, pushed, releasesOf, textsOf } from '../../support/releases.js';

const open = useFakeStage();

test('a build makes a release, a push of run files another one without a build, and other pushes none', async () => {
  const stage = await open();
  const first = await stage.begin({ 'docker/compose.yaml': 'services: {}' });
  expect(await releasesOf(stage)).toMatchObject([
    {
      number: 1,
      branch: 'main',
      commit: first,
      runFile: { source: 'application', path: 'docker/compose.yaml', commit: first, overlays: [] },
    },
  ]);

  expect(
    await pushed(stage, { 'docker/compose.prod.yaml': 'services: {}', 'docker/compose.yaml': 'services: {a: 1}' }),
  ).toEqual(['skip only-run-file-changed']);
  const second = await stage.tip();
  const [one, two, ...more] = await releasesOf(stage);
  expect(more).toEqual([]);
  expect(two).toMatchObject({
    number: 2,
    commit: second,
    image: one?.image,
    buildId: one?.buildId,
    runFile: { commit: second, overlays: ['prod'] },
  });
  expect(await textsOf(stage, 1)).toEqual(['services: {}']);
  expect(await textsOf(stage, 2)).toEqual(['services: {a: 1}', 'services: {}']);

  expect(await pushed(stage, { 'docker/compose.yaml': 'services: {a: 1}' }, { message: 'Nothing' })).toEqual([
    'skip only-run-file-changed',
  ]);
  expect(await numbersOf(stage)).toHaveLength(2);
  expect(await coveringNumber(stage, await stage.tip())).toBe(2);
  expect(await stage.builds()).toHaveLength(1);

  expect(await pushed(stage, { 'docker/compose.yaml': 'services: {}', 'docker/compose.prod.yaml': null })).toEqual([
    'skip only-run-file-changed',
  ]);
  expect(await numbersOf(stage)).toHaveLength(3);

  expect(await pushed(stage, { 'src/a.txt': '2' })).toEqual(['build included-path-changed']);
  expect((await releasesOf(stage)).map(({ image: { digest } }) => digest)).toEqual([
    one?.image.digest,
    one?.image.digest,
    one?.image.digest,
    expect.not.stringContaining(one?.image.digest ?? ''),
  ]);
});

test('each branch has releases of its own, also of the same image', async () => {
  const stage = await open({
    services: { app: { repository: 'abc/app', branches: ['**'], version: { value: '1.0' } } },
  });
  await stage.begin();
  await stage.repo.branch('release/1', await stage.tip());
  expect(said(await stage.deliver('release/1'))).toEqual(['build first-build']);
  await stage.slipway.quiet();
  expect(await numbersOf(stage)).toEqual(['1 main null', '2 release/1 null']);
  const [main, other] = await releasesOf(stage);
  expect(other?.image.digest).toBe(main?.image.digest);
  expect(await coveringNumber(stage, await stage.tip(), 'release/1')).toBe(2);
});

test('a retry, a rebuild and a build of an older commit make releases where the image is another one', async () => {
  const stage = await open();
  const old = await stage.begin();
  await pushed(stage, { 'src/a.txt': '2' });
  await stage.slipway.post('/rebuild/app', { commit: old });
  await stage.slipway.quiet();
  expect(await numbersOf(stage)).toEqual(['1 main null', '2 main null', '3 main null']);
  const [, newest] = await releasesOf(stage);
  expect(await stage.slipway.running.store.releases.newest('app', 'main')).toMatchObject({ number: 2 });
  expect(newest?.commit).toBe(await stage.tip());
  await stage.slipway.post('/rebuild/app', {});
  await stage.slipway.quiet();
  expect((await releasesOf(stage)).slice(2).map(({ commit }) => commit)).toEqual([old, await stage.tip()]);
});

describe('what was built before there were releases', () => {
  /** Forgets all releases, as in a database of that time. */
  async function forget({ slipway }: FakeStage): Promise<void> {
    const database = new Libsql(join(slipway.folder, 'data', 'slipway.db'));
    for (const table of ['releases', 'release_numbers', 'release_commits', 'run_files', 'moments'])
      database.exec(`delete from ${table}`);
    database.close();
  }

  test('becomes a release of each branch at start-up, once', async () => {
    const services = { app: { repository: 'abc/app', branches: ['**'], version: { value: '1.0' } } };
    const stage = await open({ services });
    const first = await stage.begin({ 'docker/compose.yaml': 'services: {}' });
    await stage.repo.branch('release/1', first);
    await stage.deliver('release/1');
    await stage.slipway.quiet();
    await pushed(stage, { 'docker/compose.yaml': 'services: {a: 1}' });
    await stage.slipway.stop();
    await forget(stage);
    await stage.slipway.start();
    await stage.until('releases to be made', async () => (await releasesOf(stage)).length === 2);
    const found = await releasesOf(stage);
    expect(found.map(({ branch, commit }) => [branch, commit]).sort()).toEqual([
      ['main', first],
      ['release/1', first],
    ]);
    expect(await textsOf(stage, 1)).toEqual(['services: {}']);
    await stage.slipway.stop();
    await stage.slipway.start();
    await stage.slipway.quiet();
    expect(await releasesOf(stage)).toEqual(found);
  });

  test('becomes one that nobody can run by mistake if its commit is gone', async () => {
    const stage = await open();
    await stage.begin({ 'docker/compose.yaml': 'services: {}' });
    await stage.slipway.stop();
    await forget(stage);
    await stage.slipway.forgetMirrors();
    await stage.repo.takeAway('main');
    await stage.slipway.start();
    await stage.until('the release to be made', async () => (await releasesOf(stage)).length === 1);
    const { store } = stage.slipway.running;
    const release = await store.releases.get('app', 1);
    expect(release?.runFile).toEqual({ source: 'none', path: null, commit: null, overlays: [] });
    expect(await store.releases.texts(release?.runFileHash ?? '')).toEqual([
      { environment: null, content: null, fault: expect.stringMatching(/^The run file cannot be read: commit /) },
    ]);
  });

  test('gets its release from a sweep where it was left out', async () => {
    const stage = await open({ config: { sweep: '5m' } });
    await stage.begin();
    await forget(stage);
    await stage.sweep();
    expect(await numbersOf(stage)).toEqual(['1 main null']);
  });
});
