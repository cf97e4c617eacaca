/** Hosts that take connections and never answer: worse than those that are away. */
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import { createFakes } from '../../support/fakes.js';
import { TestSlipway, until, type BuildRow } from '../../support/slipway.js';
import { startTestGitHost, type TestGitHost } from '../../support/git.js';
import { dockerfile } from '../../support/fake-stage.js';

jest.setTimeout(60_000);

let silent: Server;
let host: TestGitHost;
const sockets = new Set<Socket>();

beforeAll(async () => {
  host = await startTestGitHost();
  silent = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  silent.close();
  await host.close();
});

const cloneUrl = () => `http://127.0.0.1:${(silent.address() as AddressInfo).port}/{repository}.git`;
const github = () => ({ webhookSecrets: ['secret'], cloneUrl: cloneUrl() });

async function withBuild() {
  const fakes = createFakes();
  const { host: registryHost, engine, registry } = fakes;
  const services = { app: { repository: 'abc/app', version: { value: '1.0' } } };
  const slipway = await TestSlipway.start({ host, services, registryHost, engine, registry });
  const repo = await slipway.repo('abc/app');
  const after = await repo.commit({ files: { Dockerfile: dockerfile } });
  engine.setAway(true);
  const [decision] = await slipway.push('abc/app', 'main', { after });
  // Its next turn comes with a git host that hangs.
  await slipway.stop(0);
  engine.setAway(false);
  sockets.clear();
  await slipway.start({ github: github() });
  await until('git to ask', async () => sockets.size > 0);
  return { slipway, id: decision?.buildId ?? '' };
}

test('a build that waits for a git host that hangs is canceled within seconds', async () => {
  const { slipway, id } = await withBuild();
  await until('the build to run', async () => (await slipway.build(id)).status === 'running');
  const asked = Date.now();
  await slipway.post<BuildRow>(`/api/v1/builds/${id}/cancel`);
  expect(await slipway.ended(id)).toMatchObject({ status: 'canceled' });
  expect(Date.now() - asked).toBeLessThan(6_000);
  await slipway.close();
});

test('a server whose git host hangs stops in time, and leaves no git behind', async () => {
  const { slipway, id } = await withBuild();
  await until('the build to run', async () => (await slipway.build(id)).status === 'running');
  const open = [...sockets];
  const gone = open.map((socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()).resume()));
  const asked = Date.now();
  await slipway.stop(1_000);
  expect(Date.now() - asked).toBeLessThan(5_000);
  await Promise.all(gone);
  await slipway.start();
  expect(await slipway.ended(id)).toMatchObject({ status: 'succeeded' });
  await slipway.close();
});
