import { deployStage, kept, type DeployStage } from '../../../support/deploy-stage.js';
import type { FakeHost } from '../../../support/fake-host.js';
import { Secret } from '../../../../src/secret.js';
import { faultOf } from '../../../../src/hosts/messages/faults.js';
import { service } from '../../../support/app.js';
import { onCall } from '../../../support/on-call.js';
import { deploySettings } from '../../../support/own-containers.js';

let stage: DeployStage;
let a: FakeHost;
beforeEach(async () => {
  stage = await deployStage(['a']);
  a = stage.hosts.get('a') as FakeHost;
});
afterEach(() => stage.close());

const secrets = ['hunter2-of-the-service', 'hunter3-of-the-header', '/hunter4-of-the-url'];
const printed = secrets.map((secret) => ({ stream: 'stdout' as const, text: `DB_PASSWORD=${secret}` }));
const specification = (command: readonly string[] | null) => ({
  specification: kept(
    2,
    { command, environment: { DB_PASSWORD: { value: secrets[0] ?? '', secret: true, written: '${DB_PASSWORD}' } } },
    {
      verify: { path: secrets[2] ?? '', headers: { authorization: secrets[1] ?? '' }, expect: 'right' },
      secretVerifyKeys: ['headers', 'path'],
    },
  ),
});

/** Everything that people are shown of a deployment. */
async function shown(id: string): Promise<string> {
  const { warnings, steps, error, hosts } = (await stage.temp.store.deployments.get(id)) ?? {};
  const labels = [...a.all.values()].map(({ container }) => [container.labels, container.name]);
  return JSON.stringify([warnings, steps, error, hosts, labels, await stage.logOf(id), stage.log.lines]);
}

async function expectHidden(id: string): Promise<void> {
  const text = await shown(id);
  for (const secret of secrets) expect(text).not.toContain(secret);
  expect(text).toContain('***');
}

test('that a crashing container prints are not shown', async () => {
  a.program(['crash'], { exit: 1, lines: printed });
  const { id, error } = await stage.deploy(2, specification(['crash']));
  expect(error?.code).toBe('container-crashed');
  await expectHidden(id);
});

test('that a crashing container prints as JSON, or in parts, are not shown', async () => {
  const lines = [String.raw`{"url":"db://hunter5-\"x\"@db1"}`, 'hunter5-"x"'];
  a.program(['crash'], { exit: 1, lines: lines.map((text) => ({ stream: 'stdout' as const, text })) });
  const url = { value: 'db://hunter5-"x"@db1', secret: true, written: 'db://${DB_PASSWORD}@db1' };
  const { id } = await stage.deploy(2, {
    specification: kept(2, { command: ['crash'], environment: { DB_URL: url } }),
  });
  const text = await shown(id);
  expect(text).not.toContain('hunter5');
  expect(text).toContain('***');
});

test.each(secrets)('that are in an answer are not shown: %s', async (secret) => {
  stage.environment = { ...stage.environment, timeouts: { ...stage.environment.timeouts, start: 60 } };
  stage.answers.set('127.0.0.1:8080', { status: 200, headers: {}, body: `not ${secret}` });
  const { id, error } = await stage.deploy(2, specification(null));
  expect(error?.code).toBe('version-mismatch');
  await expectHidden(id);
});

test('that a host words its faults and warnings with are not shown', async () => {
  stage.environment = { ...stage.environment, variables: new Secret(new Map()) };
  const told = (code: 'host-unreachable' | 'image-pull-failed' | 'container-start-failed') => {
    throw faultOf('a', code, `bad value ${secrets[0]}`);
  };
  stage.answers.set('127.0.0.1:8080', { status: 200, headers: {}, body: 'right' });
  onCall(a, 'ping', () => told('host-unreachable'));
  onCall(a.images, 'pull', () => told('image-pull-failed'));
  onCall(a.containers, 'create', () => told('host-unreachable'));
  const create = a.containers.create.bind(a.containers);
  Object.assign(a.containers, {
    create: async (container: Parameters<typeof create>[0]) => ({
      ...(await create(container)),
      warnings: [`ignored ${secrets[0]}`],
    }),
  });
  onCall(a.controls, 'start', () => told('container-start-failed'));
  const { id, error } = await stage.deploy(2, specification(null));
  expect(error?.code).toBe('container-start-failed');
  await expectHidden(id);
});

test('that a value of the service was made of are not shown by themselves', async () => {
  const inner = 'hunter5-of-the-part';
  const url = { value: `db://u:${inner}@h`, secret: true, parts: [inner] };
  const deploy = { ...deploySettings(), variables: new Map([['production', new Secret(new Map([['DB_URL', url]]))]]) };
  stage.services = new Map([['app', service({ name: 'app', deploy })]]);
  a.program(['crash'], { exit: 1, lines: [{ stream: 'stdout', text: `cannot sign in with ${inner}` }] });
  const { id } = await stage.deploy(2, { specification: kept(2, { command: ['crash'] }) });
  const text = await shown(id);
  expect(text).toContain('cannot sign in with ***');
  expect(text).not.toContain(inner);
});
