import { Secret } from '../../src/secret.js';
import { createFakeHost, type FakeHost } from '../support/fake-host.js';
import { failureOf } from '../support/failure-of.js';
import { plainParameters } from '../support/random-parameters.js';
import { hostContract } from './host.js';
import { commands } from './host-setting.js';

const digest = (letter: string) => `registry.test/web@sha256:${letter.repeat(64)}`;
const login = (password: string) => ({ host: 'registry.test', username: 'deploy', password: new Secret(password) });
const never = new AbortController().signal;
const no = { name: 'no', maxRetries: 0 } as const;
const always = { name: 'always', maxRetries: 0 } as const;

hostContract('fake host', async () => {
  const host = createFakeHost();
  host.offer(digest('a'), { Env: ['PATH=/bin'], Cmd: ['sh'] }, ['deploy', 'right']);
  const [stdout, stderr] = [{ stream: 'stdout' }, { stream: 'stderr' }] as const;
  host.program(commands.speaking, {
    lines: [
      { ...stdout, text: 'one' },
      { ...stderr, text: 'two' },
      { ...stdout, text: 'three' },
    ],
    exit: 3,
  });
  host.program(commands.missing, { broken: true });
  const away = digest('c');
  return {
    host: {
      ...host,
      images: {
        ...host.images,
        async pull(reference, credentials, signal) {
          if (reference === away) host.fail('pull', 'image-pull-failed');
          await host.images.pull(reference, credentials, signal);
        },
      },
    },
    image: digest('a'),
    credentials: login('right'),
    wrongCredentials: login('wrong'),
    missing: digest('b'),
    unreachable: away,
    ports: [8080, 8081],
    occupy: async (port) => host.occupy(port),
    goAway: async () => host.setAway(true),
    comeBack: async () => host.setAway(false),
    close: async () => undefined,
  };
});

async function withContainer(restart: typeof no | typeof always = no): Promise<{ host: FakeHost; id: string }> {
  const host = createFakeHost();
  host.offer(digest('a'));
  await host.images.pull(digest('a'), null, never);
  const { id } = await host.containers.create({
    name: 'web.test.1',
    image: digest('a'),
    labels: {},
    parameters: plainParameters,
    publish: null,
    restart,
    takeOver: [],
  });
  return { host, id };
}

describe('a fake host', () => {
  test('fails when it is asked to, without doing anything', async () => {
    const { host, id } = await withContainer();
    host.fail('start', 'engine-error');
    expect(await failureOf(host.controls.start(id))).toMatchObject({ code: 'engine-error' });
    expect((await host.containers.inspect(id))?.state.status).toBe('created');
    expect(await host.controls.start(id)).toBe(true);
    expect(host.transcript.filter((line) => line === `start ${id}`)).toHaveLength(2);
  });

  test('loses an answer when it is asked to, although it happened', async () => {
    const { host, id } = await withContainer();
    host.breakOff('start');
    expect(await failureOf(host.controls.start(id))).toMatchObject({ code: 'host-unreachable' });
    expect((await host.containers.inspect(id))?.state.status).toBe('running');
  });

  test.each([
    [always, 'stopped', 'running'],
    [no, 'stopped', 'exited'],
    [no, 'running', 'exited'],
    [always, 'running', 'running'],
  ] as const)('%j: what is %s is %s after a reboot', async (policy, before, after) => {
    const { host, id } = await withContainer(policy);
    await host.controls.start(id);
    if (before === 'stopped') await host.controls.stop(id, 0);
    host.reboot();
    expect((await host.containers.inspect(id))?.state.status).toBe(after);
  });

  test('a health check begins as starting', async () => {
    const { host, id } = await withContainer();
    await host.controls.start(id);
    host.setHealth('web.test.1', 'healthy');
    expect((await host.containers.inspect(id))?.state.health).toBe('healthy');
    host.crash('web.test.1', 1);
    expect((await host.containers.inspect(id))?.state).toMatchObject({ health: null, lastExit: { code: 1 } });
  });
});
