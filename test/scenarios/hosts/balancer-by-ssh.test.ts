/** HAProxy's admin socket behind ssh. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Balancer } from '../../../src/balancer/contract.js';
import { scriptedSocket, twoServers, type ScriptedSocket } from '../../support/admin-socket.js';
import { until } from '../../support/api-client.js';
import { failureOf } from '../../support/failure-of.js';
import { openHaproxy } from '../../support/open-haproxy.js';
import { startSshServer, type SshServer } from '../../support/ssh-server.js';

let server: SshServer;
let folder: string;
let haproxy: ScriptedSocket;
let open: Balancer[];

beforeAll(async () => {
  server = await startSshServer();
}, 60_000);

afterAll(() => server?.close(), 60_000);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-balancer-'));
  const states = { b: twoServers };
  haproxy = await scriptedSocket(join(folder, 'admin.sock'), (line) => {
    if (line.startsWith('show')) return states.b;
    states.b = twoServers.replace(' 2 8 1 0', ' 2 0 1 0');
    return '\n';
  });
  open = [];
});

afterEach(async () => {
  await Promise.all(open.map((balancer) => balancer.close()));
  await haproxy.close();
  await rm(folder, { recursive: true, force: true });
});

function connect(sshConfig = server.config): Balancer {
  const address = `ssh://root@127.0.0.1:${server.port}${join(folder, 'admin.sock')}`;
  const balancer = openHaproxy([address], {}, { tunnels: join(folder, 'tunnels'), sshConfig });
  open.push(balancer);
  return balancer;
}

test('it is asked and changed through a tunnel, which ends with it', async () => {
  const balancer = connect();
  expect((await balancer.observe('web')).get('a')).toMatchObject({ state: 'active', sessions: 2 });
  expect(await balancer.enable('web', 'b')).toEqual([]);
  expect(haproxy.lines).toContain('set server bk_web/web-b state ready');
  expect(readdirSync(join(folder, 'tunnels')).sort()).toEqual(['haproxy-0.json', 'haproxy-0.sock']);
  await balancer.close();
  expect(existsSync(join(folder, 'tunnels/haproxy-0.sock'))).toBe(false);
});

test('without HAProxy at the other end it is unavailable, and comes back', async () => {
  const balancer = connect();
  await balancer.observe('web');
  await haproxy.close();
  expect(await failureOf(balancer.observe('web'))).toMatchObject({ code: 'balancer-unavailable', retryable: true });
  haproxy = await scriptedSocket(join(folder, 'admin.sock'), () => twoServers);
  const hosts = await until('HAProxy to be back', () => balancer.observe('web').catch(() => null));
  expect(hosts.get('b')?.state).toBe('drained');
});

test('a server whose key is not known is not talked to, and the reason is named', async () => {
  const failure = await failureOf(connect(server.strangerConfig).observe('web'));
  expect(failure).toMatchObject({ code: 'balancer-unavailable', blame: 'balancer' });
  expect(failure?.message).toMatch(/HAProxy at ssh:\/\/root@127[\s\S]*Host key verification failed/);
  expect(haproxy.lines).toEqual([]);
});
