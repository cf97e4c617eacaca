/** Decisions that no path of the application repository explains: packaging, bases, settings, artifacts. */
import { callFromJenkins } from '../../support/jenkins.js';
import { dockerfile, said, useFakeStage, type FakeStage } from '../../support/fake-stage.js';

const open = useFakeStage();
const app = { repository: 'abc/app', version: { value: '1.0' } };
const sweeping = { sweep: '5m' };

/** Codes of the decisions about `main`, as far as builds came of them, oldest first. */
const builtFor = async ({ slipway }: FakeStage): Promise<string[]> =>
  (await slipway.builds()).map(({ trigger, reason }) => `${trigger.kind} ${reason.code}`).reverse();

describe('central dockerfiles in a local folder', () => {
  test('are looked at with the next push and with the sweep', async () => {
    const stage = await open({ central: { 'app/Dockerfile': dockerfile }, config: sweeping });
    await stage.push({ 'a.txt': '1' });
    await stage.slipway.quiet();
    await stage.slipway.writeCentral('app/Dockerfile', `${dockerfile}USER 1\n`);
    await stage.sweep();
    expect(await builtFor(stage)).toEqual(['push first-build', 'packaging packaging-changed']);
    const { body } = await stage.slipway.post<{ decisions: object[] }>('/api/v1/plan', {
      repository: 'abc/app',
      branch: 'main',
    });
    expect(body.decisions).toMatchObject([{ decision: 'skip', reason: { code: 'no-change' } }]);

    await stage.slipway.writeCentral('app/Dockerfile', `${dockerfile}USER 2\n`);
    expect(said(await stage.push({}))).toEqual(['build packaging-changed']);
  });

  test('make another image of the same commit, whose version tag is a revision, and the same one when taken back', async () => {
    const stage = await open({ central: { 'app/Dockerfile': dockerfile }, config: sweeping });
    await stage.push({ 'a.txt': '1' });
    await stage.slipway.quiet();
    const first = stage.fakes.fake.state('app')['main'];
    await stage.slipway.writeCentral('app/Dockerfile', `${dockerfile}USER 1\n`);
    await stage.sweep();
    await stage.slipway.writeCentral('app/Dockerfile', dockerfile);
    await stage.sweep();
    const builds = (await stage.slipway.builds()).reverse();
    const tag = `1.0-1-${(await stage.tip()).slice(0, 7)}`;
    expect(builds.map(({ outcome, image }) => [outcome, image?.tags])).toEqual([
      ['built', [tag, 'main']],
      ['built', [`${tag}-r2`, 'main']],
      ['reused', [tag, 'main']],
    ]);
    expect(stage.fakes.fake.state('app')['main']).toBe(first);
  });
});

test('a Dockerfile that moves between the central folder and the application is a change of packaging, and costs no build', async () => {
  const services = { app: { ...app, includedRegions: ['**/*.txt'] } };
  const stage = await open({ services, central: { 'app/Dockerfile': dockerfile } });
  await stage.push({ 'a.txt': '1' });
  await stage.slipway.quiet();
  const [gained] = await stage.push({ 'docker/Dockerfile': dockerfile });
  expect(gained).toMatchObject({ decision: 'build', reason: { code: 'packaging-changed' } });
  await stage.slipway.quiet();
  const [lost] = await stage.push({ docker: null });
  expect(lost).toMatchObject({ decision: 'build', reason: { code: 'packaging-changed' } });
  await stage.slipway.quiet();
  expect(stage.fakes.engine.builds).toHaveLength(1);
});

const withShared = `${dockerfile}COPY docker/_shared/wait.sh /wait.sh\n`;

test('a shared folder of the central dockerfiles concerns exactly the services whose Dockerfile names it', async () => {
  const services = { app: { ...app, path: 'app' }, other: { ...app, path: 'other' } };
  const central = { 'app/Dockerfile': withShared, 'other/Dockerfile': dockerfile, '_shared/wait.sh': '1' };
  const stage = await open({ services, central, config: sweeping });
  await stage.push({ 'app/a.txt': '1', 'other/a.txt': '1' });
  await stage.slipway.quiet();
  expect(stage.fakes.behind('app', 'main')?.files.get('docker/_shared/wait.sh')).toBe('1');
  expect(stage.fakes.behind('other', 'main')?.files.has('docker/_shared/wait.sh')).toBe(false);

  await stage.slipway.writeCentral('_shared/wait.sh', '2');
  await stage.sweep();
  expect(stage.fakes.behind('app', 'main')?.files.get('docker/_shared/wait.sh')).toBe('2');
  const [newest, ...before] = await stage.slipway.builds();
  expect(newest).toMatchObject({
    service: 'app',
    trigger: { kind: 'packaging' },
    reason: { code: 'packaging-changed' },
  });
  expect(before).toHaveLength(2);
  expect(said(await stage.deliver())).toEqual(['skip no-change', 'skip no-change']);
});

describe('central dockerfiles in a repository', () => {
  const dockerfiles = { repository: 'abc/dockerfiles' };
  const services = { app, other: { ...app, repository: 'abc/other' } };

  test.each<[string, Record<string, string>, string[]]>([
    ['a shared folder', { '_shared/wait.sh': '2' }, ['app']],
    ['the folder of a service that another names', { 'other/run.sh': '2' }, ['app', 'other']],
    ['a folder that nobody names', { '_nobody/wait.sh': '2' }, []],
  ])('are looked at, when %s is pushed, for the services that read from it', async (_what, files, concerned) => {
    const stage = await open({ services, config: { dockerfiles } });
    const central = await stage.repoOf('abc/dockerfiles');
    const before = await central.commit({
      files: {
        'app/Dockerfile': `${withShared}COPY docker/other/run.sh /run.sh\n`,
        'other/Dockerfile': dockerfile,
        'other/run.sh': '1',
        '_shared/wait.sh': '1',
        '_nobody/wait.sh': '1',
      },
    });
    const other = await stage.repoOf('abc/other');
    await stage.push({ 'a.txt': '1' });
    await stage.slipway.push('abc/other', 'main', { after: await other.commit({ files: { 'a.txt': '1' } }) });
    await stage.slipway.quiet();

    const rows = await stage.slipway.push('abc/dockerfiles', 'main', {
      before,
      after: await central.commit({ files }),
    });
    expect(rows.map(({ service }) => service).sort()).toEqual(concerned);
    expect(new Set(said(rows))).toEqual(new Set(rows.length > 0 ? ['build packaging-changed'] : []));
    await stage.slipway.quiet();
    const held = stage.fakes.behind('app', 'main')?.files;
    expect([held?.get('docker/_shared/wait.sh'), held?.get('docker/other/run.sh')]).toEqual([
      files['_shared/wait.sh'] ?? '1',
      files['other/run.sh'] ?? '1',
    ]);
  });

  test('are looked at when they are pushed, for the services whose folders the push touches', async () => {
    const stage = await open({ services, config: { dockerfiles } });
    const central = await stage.repoOf('abc/dockerfiles');
    const before = await central.commit({ files: { 'app/Dockerfile': dockerfile, 'other/Dockerfile': dockerfile } });
    const other = await stage.repoOf('abc/other');
    await stage.push({ 'a.txt': '1' });
    await stage.slipway.push('abc/other', 'main', { after: await other.commit({ files: { 'a.txt': '1' } }) });
    await stage.slipway.quiet();

    const after = await central.commit({ files: { 'app/Dockerfile': `${dockerfile}USER 1\n` } });
    const rows = await stage.slipway.push('abc/dockerfiles', 'main', { before, after });
    expect(rows).toMatchObject([{ service: 'app', decision: 'build', reason: { code: 'packaging-changed' } }]);
    const build = await stage.ended(rows);
    expect(build).toMatchObject({ trigger: { kind: 'packaging' }, dockerfile: { source: 'central', commit: after } });
  });

  test('that lie beside a service are decided on once', async () => {
    const beside = { app: { ...app, path: 'source', branches: ['main', 'other'] } };
    const stage = await open({ services: beside, config: { dockerfiles: { repository: 'abc/app' } } });
    const before = await stage.repo.commit({ files: { 'app/Dockerfile': dockerfile, 'source/a.txt': '1' } });
    await stage.repo.branch('other', before);
    await stage.deliver('other');
    await stage.deliver();
    await stage.slipway.quiet();
    const after = await stage.repo.commit({ files: { 'app/Dockerfile': `${dockerfile}USER 1\n` } });
    const rows = await stage.slipway.push('abc/app', 'main', { before, after });
    expect(rows.map(({ branch, reason }) => [branch, reason.code])).toEqual([
      ['main', 'packaging-changed'],
      ['other', 'packaging-changed'],
    ]);
  });

  test('are no business of a service that has its own', async () => {
    const stage = await open({ services, config: { dockerfiles } });
    const central = await stage.repoOf('abc/dockerfiles');
    const before = await central.commit({ files: { 'app/Dockerfile': dockerfile } });
    await stage.begin();
    const after = await central.commit({ files: { 'app/Dockerfile': `${dockerfile}USER 1\n` } });
    expect(await stage.slipway.push('abc/dockerfiles', 'main', { before, after })).toEqual([]);
  });
});

describe('a base image that another service makes', () => {
  const FROM = 'FROM registry.test:5000/base:main\nCOPY . /\n';
  const services = {
    base: { ...app, path: 'base' },
    app: { ...app, path: 'app' },
    still: { ...app, path: 'still', cascade: false },
  };

  test('brings its dependents a new image when it gets one', async () => {
    const stage = await open({ services });
    await stage.push({ 'base/Dockerfile': dockerfile, 'base/a': '1' });
    await stage.slipway.quiet();
    await stage.push({ 'app/Dockerfile': FROM, 'still/Dockerfile': FROM });
    await stage.slipway.quiet();
    await stage.push({ 'base/a': '2' });
    await stage.slipway.quiet();
    const newest = async (service: string) => (await stage.slipway.builds(`&service=${service}`))[0];
    expect(await newest('app')).toMatchObject({
      status: 'succeeded',
      outcome: 'built',
      trigger: { kind: 'base-image' },
      reason: { code: 'base-image-changed' },
    });
    expect(await newest('still')).toMatchObject({ reason: { code: expect.not.stringMatching('base-image') } });
  });
});

describe('changed settings', () => {
  test('build every branch that has an image again, at the next start', async () => {
    const stage = await open({ config: sweeping });
    await stage.begin();
    await stage.slipway.stop();
    await stage.slipway.start({ services: { app: { ...app, buildArgs: { MODE: 'fast' } } } });
    await stage.swept();
    expect(await builtFor(stage)).toEqual(['push first-build', 'settings settings-changed']);
  });

  test('that do not shape the image build nothing', async () => {
    const stage = await open({ config: sweeping });
    await stage.begin();
    await stage.slipway.stop();
    await stage.slipway.start({ services: { app: { ...app, excludedRegions: ['docs/**'], gitTags: ['v*'] } } });
    await stage.swept();
    expect(await builtFor(stage)).toEqual(['push first-build']);
  });
});

describe('a service that is built from artifacts', () => {
  const services = { app: { ...app, trigger: 'artifact', artifact: 'target/app.jar' } };

  test('waits for the artifact of a change of source, and builds a change of packaging with the newest artifact', async () => {
    const stage = await open({ services });
    expect(said(await stage.push({ 'docker/Dockerfile': dockerfile, 'src/A.java': '1' }))).toEqual([
      'skip waiting-for-artifact',
    ]);
    const artifact = { name: 'app.jar', content: Buffer.from('jar 1') };
    const call = { service: 'app', branch: 'main', version: '2.0', artifact };
    const { body } = await callFromJenkins(stage.slipway, call);
    expect(await stage.slipway.ended(body.id)).toMatchObject({ status: 'succeeded', reason: { code: 'forced' } });
    expect(stage.fakes.behind('app', 'main')?.files.get('target/app.jar')).toBe('jar 1');

    expect(said(await stage.push({ 'src/A.java': '2' }))).toEqual(['skip waiting-for-artifact']);
    expect(said(await stage.push({ 'src/A.java': '1' }))).toEqual(['skip no-change']);
    const rows = await stage.push({ 'docker/Dockerfile': `${dockerfile}USER 1\n` });
    expect(said(rows)).toEqual(['build included-path-changed']);
    const build = await stage.ended(rows);
    expect(build.image?.tags[0]).toMatch(/^2\.0-4-/);
    expect(stage.fakes.behind('app', 'main')?.files.get('target/app.jar')).toBe('jar 1');
  });
});
