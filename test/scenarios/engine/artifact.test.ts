/** A service that is built from Jenkins' artifacts, on real parts. The tests are one story: each goes on where the one before ended. */
import { randomBytes } from 'node:crypto';
import type { TestRepo } from '../../support/git.js';
import { callFromJenkins } from '../../support/jenkins.js';
import { scriptedServer, type ScriptedServer } from '../../support/scripted-server.js';
import { until, type BuildRow, type TestSlipway } from '../../support/slipway.js';
import { openStage, succeeded, success, type Stage } from '../../support/stage.js';

let stage: Stage;
let jenkins: ScriptedServer;
let repo: TestRepo;
let central: TestRepo;
let slipway: TestSlipway;

const jar = { name: 'app-2.5.0.jar', content: randomBytes(300_000) };
const short = (commit: string) => commit.slice(0, 7);
const writePackaging = (...lines: string[]) =>
  central.commit({
    files: { 'java/Dockerfile': [`FROM ${stage.base}`, 'COPY target/app.jar /app.jar', ...lines, ''].join('\n') },
  });

let commit: string;
let packaging: string;
let first: BuildRow;

beforeAll(async () => {
  stage = await openStage();
  jenkins = await scriptedServer(() => ({ status: 204 }));
  repo = await stage.repo('abc/java');
  central = await stage.repo('abc/dockerfiles');
  packaging = await writePackaging();
  commit = await repo.commit({ files: { 'src/Main.java': 'class Main {}', '.dockerignore': 'target\n**/*.jar\n' } });
  slipway = await stage.slipway({
    services: {
      java: {
        repository: 'abc/java',
        includedRegions: ['src/**'],
        trigger: 'artifact',
        artifact: 'target/app.jar',
      },
      plain: { repository: 'abc/java', branches: ['none'] },
    },
    config: {
      dockerfiles: { repository: 'abc/dockerfiles', branch: 'main' },
      callbacks: { allowedHosts: [jenkins.host] },
    },
  });
}, 60_000);

afterAll(async () => {
  await stage?.close();
  await jenkins?.close();
}, 60_000);

const jarIn = async (tag: string) => (await (await stage.pushed('java', tag)).files()).get('app.jar');
const ofJava = async (before: string | undefined, after: string) =>
  (await slipway.push('abc/java', 'main', { before, after })).filter(({ service }) => service === 'java');

test('a push waits for its artifact', async () => {
  expect(await ofJava(undefined, commit)).toMatchObject([
    {
      decision: 'skip',
      buildId: null,
      reason: { code: 'waiting-for-artifact', message: 'Branch main has no artifact yet.' },
    },
  ]);
}, 60_000);

test('the artifact becomes the image, whatever .dockerignore says, and its version stands in the tag', async () => {
  const call = {
    service: 'java',
    branch: 'main',
    commit,
    version: '2.5.0',
    callbackUrl: `http://${jenkins.host}/done?job=7`,
    artifact: jar,
  };
  const answer = await callFromJenkins(slipway, call, 'job-7');
  expect(answer).toMatchObject({ status: 202, location: `/api/v1/builds/${answer.body.id}` });
  first = await success(slipway, answer.body.id);
  expect(first).toMatchObject({
    commit,
    trigger: { kind: 'api', by: 'jenkins' },
    reason: { code: 'forced', message: 'jenkins sent the artifact app-2.5.0.jar.' },
    image: { tags: [`2.5.0-1-${short(commit)}`, 'main'] },
  });
  expect((await jarIn('main'))?.equals(jar.content)).toBe(true);

  const again = await callFromJenkins(slipway, call, 'job-7');
  expect(again).toMatchObject({ status: 202, body: { id: first.id, status: 'succeeded' } });
  const other = await callFromJenkins(slipway, { ...call, version: '2.6.0' }, 'job-7');
  expect(other).toMatchObject({ status: 409, body: { code: 'idempotency-conflict' } });
  await slipway.quiet();
  expect(await slipway.builds()).toHaveLength(1);
}, 60_000);

test('Jenkins is called back at the address that it gave', async () => {
  // A build has ended before anybody hears of it.
  await until('the callback', async () => jenkins.requests.length > 0);
  expect(jenkins.requests).toMatchObject([{ method: 'POST', path: '/done?job=7' }]);
  expect(JSON.parse(jenkins.requests[0]?.body ?? '')).toEqual(first);
});

test('a change of the central packaging builds again with the artifact that was kept', async () => {
  const changed = await writePackaging('ENV JAVA_OPTS=-Xmx1g');
  const decisions = await slipway.push('abc/dockerfiles', 'main', { before: packaging, after: changed });
  expect(decisions).toMatchObject([{ decision: 'build', reason: { code: 'packaging-changed' } }]);
  const build = await succeeded(slipway, decisions);
  expect(build.image?.tags).toEqual([`2.5.0-1-${short(commit)}-r2`, 'main']);
  expect((await jarIn('main'))?.equals(jar.content)).toBe(true);
}, 60_000);

test('changed source waits for the next artifact, and other paths do not', async () => {
  const docs = await repo.commit({ files: { 'README.md': 'Java' } });
  expect(await ofJava(commit, docs)).toMatchObject([
    { decision: 'skip', reason: { code: 'no-included-path-changed' } },
  ]);
  const source = await repo.commit({ files: { 'src/Main.java': 'class Main { int x; }' } });
  expect(await ofJava(docs, source)).toMatchObject([
    { decision: 'skip', reason: { code: 'waiting-for-artifact', paths: ['src/Main.java'] } },
  ]);
}, 60_000);

test('a manual rebuild is made of the newest artifact at its own commit, and moves no branch tag', async () => {
  const before = await stage.pushed('java', 'main');
  const { status, body } = await slipway.post<BuildRow>('/rebuild/java');
  expect([status, body.commit]).toEqual([202, commit]);
  const build = await success(slipway, body.id);
  expect(build).toMatchObject({ outcome: 'built', trigger: { kind: 'manual', by: 'ops' } });
  expect(build.image?.tags).toHaveLength(1);
  expect((await jarIn(build.image?.tags[0] ?? ''))?.equals(jar.content)).toBe(true);
  expect((await stage.pushed('java', 'main')).digest).toBe(before.digest);
}, 60_000);

test('the next artifact is built at the head, and a packaging change from then on uses it', async () => {
  const head = (await repo.tip('main')) ?? '';
  const next = { name: 'app-2.6.0.jar', content: randomBytes(1_000) };
  const { body } = await callFromJenkins(slipway, { service: 'java', version: '2.6.0', artifact: next });
  const build = await success(slipway, body.id);
  expect(build).toMatchObject({ commit: head, image: { tags: [`2.6.0-3-${short(head)}`, 'main'] } });
  const changed = await writePackaging('ENV JAVA_OPTS=-Xmx2g');
  await succeeded(slipway, await slipway.push('abc/dockerfiles', 'main', { after: changed }));
  expect((await jarIn('main'))?.equals(next.content)).toBe(true);
}, 60_000);

test('an artifact for a service that has no place for one is refused', async () => {
  const answer = await callFromJenkins(slipway, { service: 'plain', branch: 'main', artifact: jar });
  expect(answer).toMatchObject({ status: 422, body: { code: 'artifact-unexpected' } });
});
