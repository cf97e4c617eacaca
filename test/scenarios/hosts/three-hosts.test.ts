/** Three engines that stand for three machines. */
import { connect } from 'node:net';
import { once } from 'node:events';
import type { Containers, NewContainer, ObservedContainer } from '../../../src/hosts/contract.js';
import { until } from '../../support/api-client.js';
import { failureOf } from '../../support/failure-of.js';
import {
  hostAddress,
  hostImage,
  startHostEngines,
  type HostEngine,
  type HostEngines,
} from '../../support/host-engines.js';
import { plainParameters } from '../../support/random-parameters.js';

let hosts: HostEngines;

beforeAll(async () => {
  hosts = await startHostEngines(3);
}, 60_000);

afterAll(() => hosts?.close(), 60_000);

const always = { name: 'always', maxRetries: 0 } as const;
const no = { name: 'no', maxRetries: 0 } as const;

function newContainer(name: string, { publish }: HostEngine, more: Partial<NewContainer> = {}): NewContainer {
  return {
    name,
    image: hostImage,
    labels: { 'dev.slipway.service': 'web' },
    parameters: {
      ...plainParameters,
      ports: [{ hostIp: '', hostPort: 8080, containerPort: 8080, protocol: 'tcp' }],
      command: ['sh', '-c', 'mkdir -p /www && echo 1.0 > /www/version && exec httpd -f -p 8080 -h /www'],
    },
    publish,
    restart: no,
    takeOver: [],
    ...more,
  };
}

async function running(containers: Containers, id: string): Promise<ObservedContainer | null> {
  const one = await containers.inspect(id);
  return one?.state.status === 'running' ? one : null;
}

const version = (publish: string): Promise<string> =>
  fetch(`http://${publish}:8080/version`, { headers: { connection: 'close' } }).then(
    async (response) => (await response.text()).trim(),
    () => '',
  );

test('each publishes the same port at an address of its own', async () => {
  for (const engine of hosts.engines) {
    const { id } = await engine.host.containers.create(newContainer('web.test.1', engine));
    expect(await engine.host.controls.start(id)).toBe(true);
  }
  for (const { publish } of hosts.engines) {
    await until(`the container at ${publish} answers`, async () => (await version(publish)) === '1.0');
  }
  const socket = connect(8080, hostAddress(9));
  const [error] = (await once(socket, 'error')) as [Error & { code: string }];
  expect(error.code).toBe('ECONNREFUSED');
  for (const { host } of hosts.engines) {
    const [{ id = '' } = {}] = await host.containers.list();
    await host.controls.stop(id, 0);
    await host.containers.remove(id);
  }
});

test('after a power cut a verified container runs again, and a retired one stays down', async () => {
  const [engine] = hosts.engines;
  if (engine === undefined) throw new Error('There is no engine.');
  const { containers, controls } = engine.host;
  const start = async (name: string): Promise<string> => {
    const { id } = await containers.create(newContainer(name, engine));
    await controls.start(id);
    return id;
  };
  const retired = await start('web.test.2');
  await controls.setRestart(retired, always);
  await controls.stop(retired, 0);
  const current = await start('web.test.3');
  // The new one gets its policy first, so that at no moment neither would run again.
  await controls.setRestart(current, always);
  await controls.setRestart(retired, no);
  const before = await containers.inspect(current);
  await engine.stop();
  expect(await failureOf(engine.host.ping())).toMatchObject({ code: 'host-unreachable' });
  await engine.reboot();
  const after = await until('it runs again', () => running(containers, current));
  expect(after.state.startedAt).toBeGreaterThan(before?.state.startedAt ?? Infinity);
  expect((await containers.inspect(retired))?.state.status).toBe('exited');
  await until('it answers', async () => (await version(engine.publish)) === '1.0');
});

test('a stopped container whose policy is still `always` runs again', async () => {
  const engine = hosts.engines[1];
  if (engine === undefined) throw new Error('There is no engine.');
  const { containers, controls } = engine.host;
  const { id } = await containers.create(newContainer('web.test.4', engine, { restart: always }));
  await controls.start(id);
  await controls.stop(id, 0);
  await engine.reboot();
  await until('it runs again', () => running(containers, id));
});
