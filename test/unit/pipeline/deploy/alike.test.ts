/** Releases that differ in nothing that a container is created from. */
import { deployStage, kept, type DeployStage } from '../../../support/deploy-stage.js';
import type { FakeHost } from '../../../support/fake-host.js';

let stage: DeployStage;
let a: FakeHost;
beforeEach(async () => {
  stage = await deployStage(['a']);
  a = stage.hosts.get('a') as FakeHost;
  stage.environment = { ...stage.environment, timeouts: { ...stage.environment.timeouts, start: 100 } };
});
afterEach(() => stage.close());

const answering = (expect_: string) => kept(1, {}, { verify: { path: '/version', expect: expect_ } });
const answer = (body: string) => stage.answers.set('127.0.0.1:8080', { status: 200, headers: {}, body });
const changes = () => a.transcript.filter((line) => /^(create|start|stop|setRestart) /.test(line));

test('a release that asks for another version asks what runs, and fails if it does not answer with it', async () => {
  answer('one');
  await stage.deploy(1, { specification: answering('one') });
  const before = changes();
  const { status, error, hosts } = await stage.deploy(2, { specification: answering('two') });
  expect([status, error?.code]).toEqual(['failed', 'version-mismatch']);
  expect(hosts[0]?.verifications).toMatchObject([{ answer: 'one', expected: 'two', ok: false }]);
  expect([changes(), await stage.running()]).toEqual([before, { a: ['1 always'] }]);
});

test('nothing is replaced if it does', async () => {
  answer('one');
  await stage.deploy(1, { specification: answering('one') });
  const before = changes();
  answer('two');
  const { status, hosts } = await stage.deploy(2, { specification: answering('two') });
  expect([status, hosts[0]?.verifications.map(({ ok }) => ok)]).toEqual(['succeeded', [true]]);
  expect(changes()).toEqual(before);
});

test('what was verified in the same way is not asked again', async () => {
  answer('one');
  await stage.deploy(1, { specification: answering('one') });
  stage.answers.clear();
  expect((await stage.deploy(2, { specification: answering('one') })).status).toBe('succeeded');
});

test('a container that a later release took over is kept with that release', async () => {
  a.program(['late'], { exit: 1 });
  const specification = kept(1, { command: ['late'] });
  expect((await stage.deploy(1, { specification })).status).toBe('failed');
  a.program(['late'], {});
  expect((await stage.deploy(2, { specification })).status).toBe('succeeded');
  expect((await stage.deploy(3)).status).toBe('succeeded');
  // Release 1 is blocked, and release 2 is not.
  expect(await stage.running()).toEqual({ a: ['(1 no)', '3 always'] });
});
