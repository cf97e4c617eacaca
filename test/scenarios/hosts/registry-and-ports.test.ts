/** A registry that is away for everybody, and ports that programs of the machine have. One story: each test goes on from the last. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { hostAddress } from '../../support/host-engines.js';
import {
  ask,
  dockerfile,
  engineOf,
  openHostsStage,
  runFile,
  runningOn,
  type HostsStage,
} from '../../support/hosts-stage.js';
import { until } from '../../support/slipway.js';
import type { Tickets } from '../../support/tickets.js';

let stage: HostsStage;
let tickets: Tickets;

beforeAll(async () => {
  const timeouts = { reach: '2s', pull: '3s', start: '4s', settle: '200ms' };
  stage = await openHostsStage({ environments: () => ({ production: { timeouts } }) });
  tickets = stage.tickets;
  await stage.push({ 'docker/Dockerfile': dockerfile(), 'docker/compose.yaml': runFile('one') });
  expect(await tickets.deploy()).toMatchObject({ status: 'succeeded', error: null });
}, 180_000);

afterAll(() => stage?.close(), 60_000);

/** The containers of the hosts, and since when they run or do not. */
const everything = () =>
  Promise.all(
    stage.hosts.map(async (host) => {
      const docker = engineOf(host);
      const listed = await docker.listContainers({ all: true });
      const seen = await Promise.all(listed.map(({ Id }) => docker.getContainer(Id).inspect()));
      return seen.map(({ Name, State, HostConfig }) => [Name, State, HostConfig.RestartPolicy]);
    }),
  );

const said = (port = 8080) => Promise.all(stage.hosts.map(({ publish }) => ask(publish, '/word', port)));

/** Asks for a release while the registry is away. Resolves with the ticket's id once it waits for that. */
async function askWithoutRegistry(release: number): Promise<string> {
  await stage.registry.stop();
  const id = await tickets.begin({ release });
  await until('it to wait for the registry', async () => (await tickets.get(id)).waitingFor?.code === 'registry');
  return id;
}

test('a ticket waits for a registry that is away for all; it fails after a while, and goes on if the registry is back', async () => {
  const release = 2;
  await stage.push({
    'docker/Dockerfile': dockerfile('RUN echo changed > /changed'),
    'docker/compose.yaml': runFile('two'),
  });
  await until('its release', async () => (await tickets.ask({ release, dryRun: true })).status === 200);
  // The engine that built it is a host too.
  const [builder] = stage.hosts.map(engineOf);
  for (const { Id, RepoTags } of (await builder?.listImages()) ?? [])
    if (RepoTags?.some((name) => name.startsWith(stage.registry.host)))
      await builder?.getImage(Id).remove({ force: true }).catch(onlyInUse);
  const before = await everything();
  const failed = await tickets.ended(await askWithoutRegistry(release));
  expect(failed).toMatchObject({
    status: 'failed',
    waitingFor: null,
    error: { code: 'registry-unavailable', host: null },
  });
  expect([await everything(), await said()]).toEqual([before, ['one', 'one']]);
  await stage.registry.start();
  const id = await askWithoutRegistry(release);
  await stage.registry.start();
  expect(await tickets.ended(id)).toMatchObject({ status: 'succeeded', error: null, release: { number: release } });
  expect(await said()).toEqual(['two', 'two']);
}, 120_000);

/** The image of what runs cannot be removed. */
function onlyInUse(error: unknown): void {
  if ((error as { statusCode?: number }).statusCode !== 409) throw error;
}

/** A program that has a TCP port of an address. */
async function listenOn(address: string, port = 0) {
  const program = createServer((socket) => socket.end()).listen(port, address);
  await once(program, 'listening');
  const end = () => new Promise<unknown>((resolve) => program.close(resolve));
  return { port: (program.address() as AddressInfo).port, end };
}

test('a program on the port of every address, or of the one of a single host, is named before anything is touched', async () => {
  const before = await everything();
  const everywhere = await listenOn('0.0.0.0');
  const { port } = everywhere;
  const release = await stage.say('three', { ports: [`${port}:8080`] });
  const inUseAt = (address: string) =>
    `port ${port} is in use by a program outside of Docker, which answers at ${address}.`;
  const all = await tickets.deploy({ release });
  expect(all).toMatchObject({ status: 'failed', error: { code: 'port-in-use' } });
  const host = stage.hosts.find(({ name }) => name === all.error?.host);
  expect(all.error?.message).toBe(`Host ${host?.name}: ${inUseAt(host?.publish ?? '')}`);
  expect(await everything()).toEqual(before);
  await everywhere.end();
  const there = await listenOn(hostAddress(2), port);
  const one = await tickets.deploy({ release });
  expect([one.status, one.error]).toMatchObject([
    'failed',
    { code: 'port-in-use', host: 'b', message: `Host b: ${inUseAt(hostAddress(2))}` },
  ]);
  expect(await everything()).toEqual(before);
  await there.end();
  // What another address of the machine has is in nobody's way.
  const elsewhere = await listenOn(hostAddress(99), port);
  expect(await tickets.deploy({ release })).toMatchObject({ status: 'succeeded', error: null });
  expect([await said(), await said(port)]).toEqual([
    ['nobody', 'nobody'],
    ['three', 'three'],
  ]);
  await elsewhere.end();
}, 120_000);

test('a port that only the engine sees to be taken is named, and what ran runs again', async () => {
  const running = () => Promise.all(stage.hosts.map((host) => runningOn(host)));
  const before = await running();
  const { port, end } = await listenOn(hostAddress(99));
  const everywhere = await stage.say('four', { ports: [`0.0.0.0:${port}:8080`] });
  const rolledBack = { status: 'rolled-back', error: { code: 'port-in-use', host: 'a' } };
  expect(await tickets.deploy({ release: everywhere })).toMatchObject(rolledBack);
  expect(await running()).toEqual(before);
  await end();
  const datagrams = createSocket('udp4').bind(0, hostAddress(1));
  await once(datagrams, 'listening');
  const taken = datagrams.address().port;
  const udp = await stage.say('five', { ports: ['8080:8080', `${taken}:9/udp`] });
  const failed = await tickets.deploy({ release: udp });
  expect(failed).toMatchObject(rolledBack);
  expect(failed.error?.message).toContain(String(taken));
  datagrams.close();
  expect(await running()).toEqual(before);
}, 120_000);
