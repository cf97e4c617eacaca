/** slipway.sh against a real server: what it sends, prints, and ends with. The tests are one story. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { dockerfile } from '../../support/fake-stage.js';
import { openJenkinsStage, type JenkinsStage } from '../../support/jenkins-stage.js';
import { resultOf, shells, startScript, type Shell } from '../../support/slipway-script.js';
import { until, type BuildRow } from '../../support/slipway.js';

let stage: JenkinsStage;
let folder = '';
/** A name that a shell, a form, or curl might read as more than a name. */
const jar = `a "jar";type=x, $(touch x) & 'more'.jar`;

beforeAll(async () => {
  stage = await openJenkinsStage();
  folder = await mkdtemp(join(tmpdir(), 'slipway-script-'));
  await stage.push({ 'docker/Dockerfile': `${dockerfile}RUN cat words.txt\n`, 'words.txt': 'one\n"status":"failed"' });
});
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

const run = (words: readonly string[], env: Readonly<Record<string, string>> = {}, shell: Shell = 'dash') =>
  startScript(words, { ...stage.env, ...env }, shell).ended;
const newest = async (service: string): Promise<BuildRow> => {
  const [build] = await stage.pages.stage.slipway.builds(`&service=${service}`);
  if (build === undefined) throw new Error(`${service} has no build`);
  return build;
};
const jarIn = (tag: string) => stage.pages.stage.fakes.behind('java', tag)?.files.get('docker/app.jar');

test.each(shells)('%s: sends the artifact, prints the log, and names the image by its digest', async (shell) => {
  await writeFile(join(folder, jar), `content for ${shell}`);
  const output = join(folder, `result of ${shell}`);
  const words = ['build', '--service', 'java', '--branch', 'main', '--version', `2.${shell.length}`];
  const more = ['--artifact', join(folder, jar), '--output', output];
  const { code, stdout, stderr } = await run([...words, ...more], { BUILD_TAG: `job 'a' ${shell}` }, shell);
  const build = await newest('java');
  const [tag = ''] = build.image?.tags ?? [];
  expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: `java:${tag}@${build.image?.digest}\n` });
  expect(tag).toMatch(new RegExp(`^2\\.${shell.length}`));
  expect(jarIn(tag)).toBe(`content for ${shell}`);
  const { body: log } = await stage.pages.stage.slipway.request('GET', `/api/v1/builds/${build.id}/log`);
  expect(log).toContain('"status":"failed"');
  expect(stderr).toContain(log);
  expect(stderr.endsWith(`slipway: java is ${build.outcome}: java:${tag}@${build.image?.digest}\n`)).toBe(true);
  expect(resultOf(await readFile(output, 'utf8'))).toMatchObject({
    ...{ id: build.id, service: 'java', status: 'succeeded', outcome: build.outcome, branch: 'main', tag },
    ...{ commit: build.commit, digest: build.image?.digest, image: stdout.trim() },
    url: stage.pages.at(`/builds/${build.id}`),
  });
  // The same run again: nothing is sent twice, and the end is the same.
  expect(await run([...words, ...more], { BUILD_TAG: `job 'a' ${shell}` }, shell)).toMatchObject({ code: 0, stdout });
  expect((await newest('java')).id).toBe(build.id);
});

test.each(shells)('%s: a skip is a success that says why, and which image has it all', async (shell) => {
  const { image } = await newest('app');
  const { code, stdout, stderr } = await run(['build', '--service', 'app'], {}, shell);
  expect({ code, stdout }).toEqual({ code: 0, stdout: `app:${image?.tags[0]}@${image?.digest}\n` });
  expect(stderr).toMatch(/^slipway: Nothing to build for app: .+\n$/);
});

test('a build that fails ends it with 1, the reason, and who is to act', async () => {
  await writeFile(join(folder, 'x.jar'), 'x');
  await stage.push({ 'docker/Dockerfile': `${dockerfile}RUN echo "status":"succeeded" ; exit 3\n` });
  const words = ['build', '--service', 'java', '--branch', 'main', '--artifact', join(folder, 'x.jar')];
  const { code, stdout, stderr } = await run(words);
  const { id } = await newest('java');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(
    new RegExp(`\nslipway: The build ${id} is failed: dockerfile-step-failed: .+ To act: dockerfile\\.\n$`),
  );
  const report = await run([...words, '--report', '--key', 'other']);
  expect(report).toMatchObject({ code: 0 });
  expect(resultOf(report.stdout)).toMatchObject({
    ...{ status: 'failed', code: 'dockerfile-step-failed', blame: 'dockerfile', exit: '1' },
    message: expect.stringMatching(/^The build \S+ is failed: dockerfile-step-failed: /),
  });
  await stage.push({ 'docker/Dockerfile': `${dockerfile}RUN cat words.txt\n` });
});

describe('while a build goes on', () => {
  const words = () => ['build', '--service', 'java', '--branch', 'main', '--artifact', join(folder, 'x.jar')];
  let jars = 0;
  beforeEach(async () => {
    // An image of equal inputs would be taken instead.
    await writeFile(join(folder, 'x.jar'), `jar ${(jars += 1)}`);
    stage.pages.stage.hold();
  });
  afterEach(() => stage.pages.stage.release());

  const begin = async (shell: Shell, ...more: readonly string[]) => {
    const running = startScript([...words(), ...more], { ...stage.env }, shell);
    await running.says('The build ');
    const { id } = await newest('java');
    await until('the build to run', async () => (await newest('java')).status === 'running');
    return { running, id };
  };

  test('its token is nowhere in the list of processes', async () => {
    const { running, id } = await begin('dash');
    const list = async () => (await promisify(execFile)('ps', ['-eo', 'args'])).stdout;
    await until('the log to be followed', async () => (await list()).includes(`${id}/log?follow=true`));
    expect(await list()).not.toContain('job-token');
    stage.pages.stage.fakes.engine.release();
    expect(await running.ended).toMatchObject({ code: 0 });
  });

  test.each(shells)('%s: a stop says that the build goes on, and how to stop it', async (shell) => {
    const { running, id } = await begin(shell);
    running.signal('SIGTERM');
    const { code, stderr } = await running.ended;
    expect(code).toBe(143);
    expect(stderr).toContain(`slipway: Stopped. The build goes on: ${stage.pages.at(`/builds/${id}`)}\n`);
    expect(stderr).toContain(`slipway cancel ${id}, or POST ${stage.pages.at(`/api/v1/builds/${id}/cancel`)}\n`);
    expect((await newest('java')).status).toBe('running');
  });

  test.each(shells)('%s: a stop cancels the build if that is asked for', async (shell) => {
    const { running, id } = await begin(shell, '--cancel-on-abort');
    running.signalAll('SIGTERM');
    const { code, stderr } = await running.ended;
    expect({ code, said: stderr.includes(`Stopped: Slipway cancels the build ${id}.`) }).toEqual({
      code: 143,
      said: true,
    });
    await until('the build to be canceled', async () => (await newest('java')).status === 'canceled');
  });

  test('without waiting, its id is all that is printed', async () => {
    const { code, stdout } = await run([...words(), '--no-wait']);
    const { id, status } = await newest('java');
    expect({ code, stdout, isOver: status === 'succeeded' }).toEqual({ code: 0, stdout: `${id}\n`, isOver: false });
  });

  test('the log goes on where it was after the server was away', async () => {
    const { running, id } = await begin('dash');
    await stage.pages.stop();
    await running.says('cannot be reached');
    stage.pages.stage.fakes.engine.release();
    await stage.pages.start();
    const { code, stderr } = await running.ended;
    const { body: log } = await stage.pages.stage.slipway.request('GET', `/api/v1/builds/${id}/log`);
    const printed = stderr.split('\n').filter((line) => !line.startsWith('slipway: '));
    expect({ code, printed: printed.join('\n') }).toEqual({ code: 0, printed: log });
  });
});

test.each(shells)(
  '%s: values with letters of shells, forms and JSON arrive as they are, or are refused by the server',
  async (shell) => {
    const hostile = `x"; $(touch ${folder}/pwned) & \`touch ${folder}/pwned\` @/etc/passwd <é`;
    const { code, stderr } = await run(['build', '--service', 'app', '--branch', hostile], {}, shell);
    expect(code).toBe(1);
    expect(stderr).toContain('unknown-revision: ');
    expect(stderr).toContain(JSON.stringify(hostile));
    const service = await run(['build', '--service', '@/etc/passwd'], {}, shell);
    expect(service).toMatchObject({ code: 1, stdout: '' });
    expect(service.stderr).toMatch(/^slipway: unknown-service: .*"@\/etc\/passwd"/);
    const lines = await run(['build', '--service', 'app', '--branch', 'a\nb'], {}, shell);
    expect(lines).toMatchObject({ code: 1, stderr: expect.stringMatching(/^slipway: invalid-request: .*\n$/) });
    await expect(readFile(join(folder, 'pwned'))).rejects.toThrow();
  },
);

test('a token without the scope is 3, and so is a call without a token', async () => {
  const reader = await run(['build', '--service', 'app'], { SLIPWAY_TOKEN: 'reader-token' });
  expect(reader).toMatchObject({ code: 3, stdout: '' });
  expect(reader.stderr).toContain('forbidden: The token "reader" lacks the scope "build".');
  expect(await run(['build', '--service', 'app'], { SLIPWAY_TOKEN: '' })).toMatchObject({ code: 3 });
});

test('a command line that is wrong is 2, and nothing is asked', async () => {
  const away = { SLIPWAY_URL: 'http://127.0.0.1:9' };
  const wrong: readonly (readonly [string, readonly string[], Readonly<Record<string, string>>])[] = [
    ['neither build nor deploy', ['biuld'], {}],
    ['There has to be a --service.', ['build'], {}],
    ['needs a value', ['build', '--service'], {}],
    ['--frobnicate is not known.', ['build', '--frobnicate', '1'], {}],
    ['there is no file /nowhere.jar', ['build', '--service', 'app', '--artifact', '/nowhere.jar'], {}],
    ['There has to be an --environment.', ['deploy', '--service', 'app'], {}],
    ['Name one of', ['deploy', '--service', 'app', '--environment', 'x'], {}],
    ['Name one of', ['deploy', '--service', 'app', '--environment', 'x', '--branch', 'a', '--version', '1'], {}],
    ['--release is a number.', ['deploy', '--service', 'app', '--environment', 'x', '--release', '1,"a":2'], {}],
    ['SLIPWAY_URL has to begin', ['build', '--service', 'app'], { SLIPWAY_URL: 'file:///etc/passwd' }],
    ['SLIPWAY_TOKEN has', ['build', '--service', 'app'], { SLIPWAY_TOKEN: 'a\nurl = "http://x"' }],
  ];
  for (const [sentence, words, env] of wrong) {
    const { code, stderr } = await run(words, { ...away, ...env });
    expect({ sentence, code, isSaid: stderr.includes(sentence) }).toEqual({ sentence, code: 2, isSaid: true });
  }
});
