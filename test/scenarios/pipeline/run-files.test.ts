/** Run files make no image. What they say of running it makes a release without a build. */
import { callFromJenkins } from '../../support/jenkins.js';
import { dockerfile, said, useFakeStage } from '../../support/fake-stage.js';
import { numbersOf, pushed, releasesOf, textsOf } from '../../support/releases.js';

const open = useFakeStage();

describe('a push of run files', () => {
  test.each<[string, Record<string, string>, Record<string, string | null>, string]>([
    ['of another name', {}, { 'docker/docker-compose.yml': '1' }, 'skip only-run-file-changed'],
    ['that are removed', { 'docker/compose.yaml': '1' }, { 'docker/compose.yaml': null }, 'skip only-run-file-changed'],
    ['that are no run files', {}, { 'docker/x/compose.yaml': '1' }, 'build included-path-changed'],
    ['beside source', {}, { 'docker/compose.yaml': '1', 'src/a.txt': '2' }, 'build included-path-changed'],
    ['beside what does not count', {}, { 'docker/compose.yaml': '1', 'README.md': '1' }, 'skip only-run-file-changed'],
    [
      'beside the Dockerfile',
      {},
      { 'docker/compose.yaml': '1', 'docker/Dockerfile': `${dockerfile}USER 1\n` },
      'build included-path-changed',
    ],
    [
      'that COPY names',
      { 'docker/Dockerfile': `${dockerfile}COPY docker/compose.yaml /x\n`, 'docker/compose.yaml': '1' },
      { 'docker/compose.yaml': '2' },
      'build included-path-changed',
    ],
    [
      'of which COPY names another',
      { 'docker/Dockerfile': `${dockerfile}COPY docker/compose.yaml /x\n`, 'docker/compose.yaml': '1' },
      { 'docker/compose.qa.yaml': '2' },
      'skip only-run-file-changed',
    ],
    [
      'of a Dockerfile that is not understood',
      { 'docker/Dockerfile': `# syntax=docker/dockerfile-upstream:x\n${dockerfile}` },
      { 'docker/compose.yaml': '2' },
      'build included-path-changed',
    ],
  ])('%s: %s', async (_, first, then, expected) => {
    const app = { repository: 'abc/app', excludedRegions: ['*.md'], version: { value: '1.0' } };
    const stage = await open({ services: { app } });
    await stage.begin(first);
    expect(await pushed(stage, then)).toEqual([expected]);
    expect(await stage.builds()).toHaveLength(expected.startsWith('build') ? 2 : 1);
  });

  test('is one for regions that a Dockerfile states itself', async () => {
    const stage = await open({ services: { app: { repository: 'abc/app', includedRegions: 'auto' } } });
    await stage.begin();
    expect(await pushed(stage, { 'docker/compose.yaml': '1' })).toEqual(['skip only-run-file-changed']);
    expect(await pushed(stage, { 'docker/Dockerfile': `${dockerfile}COPY docker/compose.yaml /x\n` })).toEqual([
      'build included-path-changed',
    ]);
    expect(await pushed(stage, { 'docker/compose.yaml': '2' })).toEqual(['build included-path-changed']);
  });

  test('does not make an image wait for another artifact', async () => {
    const app = { repository: 'abc/app', trigger: 'artifact', artifact: 'app.jar', version: { value: '1.0' } };
    // The docker folder of a service with a central Dockerfile is no packaging.
    const stage = await open({ services: { app }, central: { 'app/Dockerfile': dockerfile } });
    await stage.push({ 'src/a.txt': '1' });
    const artifact = { name: 'app.jar', content: Buffer.from('jar') };
    await callFromJenkins(stage.slipway, { service: 'app', branch: 'main', commit: await stage.tip(), artifact });
    await stage.slipway.quiet();
    expect(await pushed(stage, { 'docker/compose.yaml': '1' })).toEqual(['skip only-run-file-changed']);
    expect(await numbersOf(stage)).toEqual(['1 main null', '2 main docker/compose.yaml']);
  });

  test('makes no other fingerprint, so that an image is reused by a branch that has another one', async () => {
    const stage = await open({
      services: { app: { repository: 'abc/app', branches: ['**'], version: { value: '1.0' } } },
    });
    await stage.begin();
    await stage.repo.branch('release/1', await stage.tip());
    expect(await pushed(stage, { 'docker/compose.yaml': '1' }, { branch: 'release/1' })).toEqual(['build first-build']);
    expect((await stage.builds()).map(({ outcome }) => outcome)).toEqual(['built', 'reused']);
    expect(await numbersOf(stage)).toEqual(['1 main null', '2 release/1 docker/compose.yaml']);
  });

  test('is shown by a plan, and by one between two commits', async () => {
    const stage = await open();
    const base = await stage.begin();
    const head = await stage.repo.commit({ files: { 'docker/compose.yaml': '1' } });
    const plan = async (more: object) => {
      const { body } = await stage.slipway.post<{ decisions: { reason: { code: string; paths: string[] } }[] }>(
        '/api/v1/plan',
        { repository: 'abc/app', branch: 'main', ...more },
      );
      return body.decisions.map(({ reason: { code, paths } }) => [code, ...paths]);
    };
    expect(await plan({})).toEqual([['only-run-file-changed', 'docker/compose.yaml']]);
    expect(await plan({ base, head })).toEqual([['only-run-file-changed', 'docker/compose.yaml']]);
    expect(await numbersOf(stage)).toEqual(['1 main null']);
  });

  test('is found by the sweep if nothing reported it', async () => {
    const stage = await open({ config: { sweep: '5m' } });
    await stage.begin();
    await stage.repo.commit({ files: { 'docker/compose.yaml': '1' } });
    await stage.sweep();
    expect(await numbersOf(stage)).toEqual(['1 main null', '2 main docker/compose.yaml']);
    await stage.sweep();
    expect(await numbersOf(stage)).toHaveLength(2);
  });
});

describe('a run file with a fault', () => {
  test('never fails a build, and is kept with its fault', async () => {
    const stage = await open();
    await stage.begin({ 'docker/compose.yaml': 'x'.repeat(300_000) });
    expect(await stage.builds()).toMatchObject([{ status: 'succeeded' }]);
    const { store } = stage.slipway.running;
    const hash = (await store.releases.get('app', 1))?.runFileHash ?? '';
    expect(await store.releases.texts(hash)).toEqual([
      { environment: null, content: null, fault: expect.stringContaining('the limit of a run file is 262,144') },
    ]);
  });
});

describe('a central run file', () => {
  const services = { app: { repository: 'abc/app', version: { value: '1.0' } } };
  const options = { services, config: { sweep: '5m' }, central: { 'app/Dockerfile': dockerfile } };

  test('makes a release without a build when it changes', async () => {
    const stage = await open(options);
    await pushed(stage, { 'src/a.txt': '1' });
    await stage.slipway.writeCentral('app/compose.yaml', 'services: {}');
    await stage.sweep();
    expect(await numbersOf(stage)).toEqual(['1 main null', '2 main app/compose.yaml']);
    await stage.slipway.writeCentral('app/compose.yaml', 'services: {a: 1}');
    await stage.sweep();
    await stage.sweep();
    expect(await numbersOf(stage)).toEqual(['1 main null', '2 main app/compose.yaml', '3 main app/compose.yaml']);
    expect(await textsOf(stage, 3)).toEqual(['services: {a: 1}']);
    expect(await stage.builds()).toHaveLength(1);
    const { store } = stage.slipway.running;
    expect(await store.decisions.newest('app', 'main')).toMatchObject({ reason: { code: 'only-run-file-changed' } });
  });

  test('belongs to a service with a Dockerfile of its own, too', async () => {
    const stage = await open(options);
    await stage.begin();
    await stage.slipway.writeCentral('app/compose.yaml', 'services: {}');
    await stage.sweep();
    expect(await numbersOf(stage)).toEqual(['1 main null', '2 main app/compose.yaml']);
  });

  test('that is pushed to a central repository makes releases of those whom it concerns', async () => {
    const both = { ...services, other: { repository: 'abc/app', path: 'other', version: { value: '1.0' } } };
    const config = { dockerfiles: { repository: 'abc/dockerfiles' } };
    const stage = await open({ services: both, config });
    const central = await stage.repoOf('abc/dockerfiles');
    const before = await central.commit({ files: { 'other/Dockerfile': dockerfile } });
    await stage.begin({ 'other/a.txt': '1' });
    const after = await central.commit({ files: { 'app/compose.yaml': 'services: {}', 'README.md': '1' } });
    expect(said(await stage.slipway.push('abc/dockerfiles', 'main', { before, after }))).toEqual([
      'skip only-run-file-changed',
    ]);
    expect(await numbersOf(stage)).toEqual(['1 main null', '2 main app/compose.yaml']);
    expect((await releasesOf(stage))[1]?.runFile).toEqual({
      source: 'central',
      path: 'app/compose.yaml',
      commit: after,
      overlays: [],
    });
    expect(await numbersOf(stage, 'other')).toEqual(['1 main null']);
  });
});
