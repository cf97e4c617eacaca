/** Central dockerfiles on real parts: the fallback, its migration into the application repository, and revisions of one commit's image. */
import type { TestRepo } from '../../support/git.js';
import { openStage, succeeded, type Stage } from '../../support/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
}, 60_000);

afterAll(() => stage?.close(), 60_000);

const dockerfile = (...lines: string[]) => [`FROM ${stage.base}`, ...lines, ''].join('\n');

describe('a Dockerfile in the central folder', () => {
  const start = '#!/bin/sh\nexec cat /hello.txt\n';
  let packaging: Record<string, string>;
  let repo: TestRepo;

  beforeEach(() => {
    packaging = {
      Dockerfile: dockerfile('COPY docker/start.sh /start.sh', 'COPY hello.txt /hello.txt'),
      'start.sh': start,
    };
  });

  const within = (folder: string): Record<string, string> =>
    Object.fromEntries(Object.entries(packaging).map(([path, content]) => [`${folder}/${path}`, content]));

  async function built(settings: object) {
    const repository = `abc/${Math.random().toString(36).slice(2)}`;
    repo = await stage.repo(repository);
    const head = await repo.commit({ files: { 'hello.txt': 'hi' } });
    const slipway = await stage.slipway({
      services: { app: { repository, image: repository, includedRegions: ['*.txt'], ...settings } },
      central: within('app'),
    });
    return {
      repository,
      slipway,
      head,
      build: await succeeded(slipway, await slipway.push(repository, 'main', { after: head })),
    };
  }

  test('stands in for the one that the application repository lacks, and the image says so', async () => {
    const { repository, build } = await built({});
    expect(build.dockerfile).toEqual({ source: 'central', path: 'app/Dockerfile', commit: null });
    const image = await stage.pushed(repository, 'main');
    expect((await image.files()).get('start.sh')?.toString()).toBe(start);
    expect(image.labels).toMatchObject({
      'dev.slipway.service': 'app',
      'dev.slipway.branch': 'main',
      'dev.slipway.dockerfile.source': 'central',
      'dev.slipway.dockerfile.path': 'app/Dockerfile',
      'org.opencontainers.image.revision': build.commit,
    });
    expect(image.labels).not.toHaveProperty(['dev.slipway.dockerfile.commit']);
  }, 60_000);

  test('that moves into the application repository gives the very image that is there', async () => {
    const { repository, slipway, head, build } = await built({});
    const moved = await repo.commit({ files: within('docker') });
    const decisions = await slipway.push(repository, 'main', { before: head, after: moved });
    expect(decisions).toMatchObject([
      {
        decision: 'build',
        reason: { code: 'packaging-changed', message: 'The packaging moved from central to application.' },
      },
    ]);
    const after = await succeeded(slipway, decisions);
    expect(after).toMatchObject({
      outcome: 'reused',
      trigger: { kind: 'push' },
      dockerfile: { source: 'application', path: 'docker/Dockerfile', commit: moved },
      image: { digest: build.image?.digest, tags: [`0.0.0-2-${moved.slice(0, 7)}`, 'main'] },
    });
  }, 60_000);

  test('that moves there builds the same layers where nothing is reused, under labels that name its new place', async () => {
    const { repository, slipway, head } = await built({ reuse: false });
    const central = await stage.pushed(repository, 'main');
    const moved = await repo.commit({ files: within('docker') });
    const after = await succeeded(slipway, await slipway.push(repository, 'main', { before: head, after: moved }));
    expect(after.outcome).toBe('built');
    const application = await stage.pushed(repository, 'main');
    expect(application.layers).toEqual(central.layers);
    expect(application.labels).toMatchObject({
      'dev.slipway.dockerfile.source': 'application',
      'dev.slipway.dockerfile.path': 'docker/Dockerfile',
      'dev.slipway.dockerfile.commit': moved,
      'dev.slipway.inputs': central.labels['dev.slipway.inputs'],
    });

    const back = await repo.commit({ files: { docker: null } });
    const decisions = await slipway.push(repository, 'main', { before: moved, after: back });
    expect(decisions[0]?.reason).toMatchObject({
      code: 'packaging-changed',
      message: 'The packaging moved from application to central.',
    });
    await succeeded(slipway, decisions);
    expect((await stage.pushed(repository, 'main')).layers).toEqual(central.layers);
  }, 60_000);
});

test('a folder that central dockerfiles share is in the context of those that name it, and its change reaches them alone', async () => {
  const [repo, central] = [await stage.repo('abc/sharing'), await stage.repo('abc/shared-dockerfiles')];
  const head = await repo.commit({
    files: { 'user/hello.txt': 'hi', 'copier/hello.txt': 'hi', 'single/hello.txt': 'hi' },
  });
  const wait = (seconds: number) => ({
    '_shared/bin/wait.sh': { mode: '100755' as const, content: `#!/bin/sh\nsleep ${seconds}\n` },
  });
  const packaging = {
    'user/Dockerfile': dockerfile('COPY docker/_shared/bin/wait.sh /wait.sh', 'RUN test -x /wait.sh'),
    'user/start.sh': 'exit 0\n',
    'copier/Dockerfile': dockerfile('COPY docker/user/start.sh /start.sh'),
    'single/Dockerfile': dockerfile('COPY . /all/'),
  };
  const before = await central.commit({ files: { ...packaging, ...wait(1) } });
  const inFolder = (path: string) => ({ repository: 'abc/sharing', path, image: `sharing-${path}` });
  const slipway = await stage.slipway({
    services: { user: inFolder('user'), copier: inFolder('copier'), single: inFolder('single') },
    config: { dockerfiles: { repository: 'abc/shared-dockerfiles', branch: 'main' } },
  });
  await slipway.push('abc/sharing', 'main', { after: head });
  await slipway.quiet();
  const filesOf = async (service: string) => (await stage.pushed(`sharing-${service}`, 'main')).files();
  expect((await filesOf('user')).get('wait.sh')?.toString()).toContain('sleep 1');
  expect((await filesOf('copier')).get('start.sh')?.toString()).toBe('exit 0\n');
  expect([...(await filesOf('single')).keys()].filter((path) => path.includes('wait.sh'))).toEqual([]);

  const after = await central.commit({ files: wait(2) });
  const rows = await slipway.push('abc/shared-dockerfiles', 'main', { before, after });
  expect(rows).toMatchObject([{ service: 'user', decision: 'build', reason: { code: 'packaging-changed' } }]);
  await succeeded(slipway, rows);
  expect((await filesOf('user')).get('wait.sh')?.toString()).toContain('sleep 2');

  const started = await central.commit({ files: { 'user/start.sh': 'exit 1\n' } });
  const more = await slipway.push('abc/shared-dockerfiles', 'main', { before: after, after: started });
  expect(more.map(({ service }) => service).sort()).toEqual(['copier', 'user']);
  await slipway.quiet();
  expect((await filesOf('copier')).get('start.sh')?.toString()).toBe('exit 1\n');

  const { 'user/Dockerfile': text, 'user/start.sh': start } = { ...packaging, 'user/start.sh': 'exit 1\n' };
  const moved = await repo.commit({
    files: {
      'user/docker/Dockerfile': text,
      'user/docker/start.sh': start,
      'user/docker/_shared/bin/wait.sh': wait(2)['_shared/bin/wait.sh'],
    },
  });
  const taken = (await slipway.push('abc/sharing', 'main', { before: head, after: moved })).filter(
    ({ decision }) => decision === 'build',
  );
  expect(await succeeded(slipway, taken)).toMatchObject({ service: 'user', outcome: 'reused' });
}, 120_000);

describe('central dockerfiles in a repository of their own', () => {
  test('a push there rebuilds exactly the services whose packaging it touches', async () => {
    const [repo, central] = [await stage.repo('abc/three'), await stage.repo('abc/dockerfiles')];
    const head = await repo.commit({
      files: { 'hello.txt': 'hi', 'own/docker/Dockerfile': dockerfile('COPY . /own/'), 'own/file': '' },
    });
    const first = await central.commit({
      files: Object.fromEntries(
        ['one', 'two', 'own'].map((name) => [`${name}/Dockerfile`, dockerfile(`COPY hello.txt /${name}`)]),
      ),
    });
    const slipway = await stage.slipway({
      services: {
        one: { repository: 'abc/three' },
        two: { repository: 'abc/three' },
        own: { repository: 'abc/three', path: 'own' },
      },
      config: { dockerfiles: { repository: 'abc/dockerfiles', branch: 'main' } },
    });
    await slipway.push('abc/three', 'main', { after: head });
    await slipway.quiet();
    expect((await slipway.builds()).map(({ service, status }) => `${service} ${status}`).sort()).toEqual([
      'one succeeded',
      'own succeeded',
      'two succeeded',
    ]);
    expect((await stage.pushed('one', 'main')).labels['dev.slipway.dockerfile.commit']).toBe(first);

    const second = await central.commit({
      files: {
        'one/Dockerfile': dockerfile('COPY hello.txt /one', 'RUN echo again > /again'),
        'own/Dockerfile': dockerfile('COPY . /nobody-uses-this'),
        'README.md': 'none of the services',
      },
    });
    const decisions = await slipway.push('abc/dockerfiles', 'main', { before: first, after: second });
    expect(decisions).toMatchObject([
      { service: 'one', branch: 'main', decision: 'build', head, reason: { code: 'packaging-changed' } },
    ]);
    const build = await succeeded(slipway, decisions);
    expect(build).toMatchObject({
      commit: head,
      trigger: { kind: 'packaging' },
      dockerfile: { source: 'central', path: 'one/Dockerfile', commit: second },
    });
    expect((await stage.pushed('one', 'main')).labels['dev.slipway.dockerfile.commit']).toBe(second);
    await slipway.quiet();
    expect(await slipway.builds()).toHaveLength(4);

    const elsewhere = await central.commit({
      branch: 'draft',
      parents: [second],
      files: { 'two/Dockerfile': 'FROM scratch' },
    });
    expect(await slipway.push('abc/dockerfiles', 'draft', { after: elsewhere })).toEqual([]);
  }, 90_000);

  test('changed packaging of one commit gives revisions of its version, and every tag keeps its image', async () => {
    const [repo, central] = [await stage.repo('abc/revised'), await stage.repo('abc/revisions')];
    const commit = await repo.commit({ files: { VERSION: '1.0.1', 'hello.txt': 'hi' } });
    const write = (marker: string) =>
      central.commit({ files: { 'revised/Dockerfile': dockerfile('COPY hello.txt /', `ENV MARKER=${marker}`) } });
    let before = await write('one');
    const slipway = await stage.slipway({
      services: { revised: { repository: 'abc/revised' } },
      config: { dockerfiles: { repository: 'abc/revisions', branch: 'main' } },
    });
    const version = `1.0.1-1-${commit.slice(0, 7)}`;
    const builds = [await succeeded(slipway, await slipway.push('abc/revised', 'main', { after: commit }))];
    for (const marker of ['two', 'three', 'one']) {
      const after = await write(marker);
      builds.push(await succeeded(slipway, await slipway.push('abc/revisions', 'main', { before, after })));
      before = after;
      expect((await stage.pushed('revised', 'main')).digest).toBe(builds.at(-1)?.image?.digest);
    }
    expect(builds.map(({ outcome, image }) => [outcome, image?.tags])).toEqual([
      ['built', [version, 'main']],
      ['built', [`${version}-r2`, 'main']],
      ['built', [`${version}-r3`, 'main']],
      ['reused', [version, 'main']],
    ]);
    for (const { image } of builds) {
      expect((await stage.pushed('revised', image?.tags[0] ?? '')).digest).toBe(image?.digest);
    }
    expect(await slipway.logOf(builds[1]?.id ?? '')).toContain(
      `is written with other content: the tag is ${version}-r2.`,
    );
  }, 90_000);
});
