/** An engine behind ssh: the way works, says why it does not, and comes back. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from '../../../src/hosts/contract.js';
import { until } from '../../support/api-client.js';
import { failureOf } from '../../support/failure-of.js';
import { hostAt, startHostEngines, type HostEngines } from '../../support/host-engines.js';
import { startSshServer, type SshServer } from '../../support/ssh-server.js';

let hosts: HostEngines;
let server: SshServer;
let folder: string;
let open: Host[];

beforeAll(async () => {
  hosts = await startHostEngines(1);
  server = await startSshServer();
}, 60_000);

afterAll(async () => {
  await server?.close();
  await hosts?.close();
}, 60_000);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-tunnels-'));
  open = [];
});

afterEach(async () => {
  await Promise.all(open.map((host) => host.close()));
  await rm(folder, { recursive: true, force: true });
});

function connect(config = server.config, socket = hosts.engines[0]?.socket, tunnels = folder): Host {
  const host = hostAt(`ssh://root@127.0.0.1:${server.port}${socket}`, 'a', { tunnels, sshConfig: config });
  open.push(host);
  return host;
}

/** Number of the tunnel's process. */
const tunnelPid = async (): Promise<number> =>
  (JSON.parse(await readFile(join(folder, 'a.json'), 'utf8')) as { pid: number }).pid;

const isAlive = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

test('the engine answers, through one process in a group of its own, whose socket is for us alone', async () => {
  const host = connect();
  expect((await host.info()).engineVersion).toMatch(/^\d+\./);
  expect(await host.containers.list()).toEqual([]);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  const pid = await tunnelPid();
  const [, , , , group] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
  expect(Number(group)).toBe(pid);
  expect(readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')).toEqual(
    expect.arrayContaining(['-N', 'BatchMode=yes', 'StrictHostKeyChecking=yes', 'ExitOnForwardFailure=yes']),
  );
  await host.close();
  expect(isAlive(pid)).toBe(false);
  expect(existsSync(join(folder, 'a.sock'))).toBe(false);
});

test('forty calls at once are answered', async () => {
  const host = connect();
  const answers = await Promise.all(Array.from({ length: 40 }, () => host.info()));
  expect(new Set(answers.map(({ engineVersion }) => engineVersion)).size).toBe(1);
});

test('a server whose key is not known is not talked to, and the reason is named', async () => {
  const failure = await failureOf(connect(server.strangerConfig).ping());
  expect(failure).toMatchObject({ code: 'host-unreachable', blame: 'host', retryable: true });
  expect(failure?.message).toContain('Host key verification failed');
});

test('a server that does not know our key says so', async () => {
  const failure = await failureOf(connect(server.keylessConfig).ping());
  expect(failure).toMatchObject({ code: 'host-unreachable' });
  expect(failure?.message).toContain('Permission denied');
});

test('a socket that is not there is named', async () => {
  const host = connect(server.config, '/no/such/engine.sock');
  expect(await failureOf(host.ping())).toMatchObject({ code: 'host-unreachable' });
  // ssh says it a moment after it has broken the connection off.
  await until('the reason is named', async () => /open failed/.test((await failureOf(host.ping()))?.message ?? ''));
});

test('a tunnel whose process is killed comes back', async () => {
  const host = connect();
  await host.ping();
  const pid = await tunnelPid();
  process.kill(pid, 'SIGKILL');
  await until('the tunnel is back', async () => (await failureOf(host.ping())) === null);
  expect(await tunnelPid()).not.toBe(pid);
});

test('what is followed ends as unreachable when the tunnel breaks', async () => {
  const host = connect();
  await host.ping();
  const events = host.events.follow(null, new AbortController().signal)[Symbol.asyncIterator]();
  const next = failureOf(events.next());
  await host.ping();
  process.kill(await tunnelPid(), 'SIGKILL');
  expect(await next).toMatchObject({ code: 'host-unreachable' });
});

test('a tunnel of a killed server is ended by the next one', async () => {
  const first = connect();
  await first.ping();
  const left = await tunnelPid();
  await connect().ping();
  await until('the tunnel that was left is gone', async () => !isAlive(left));
});

test('a folder with a long name has its socket elsewhere', async () => {
  const deep = join(folder, 'x'.repeat(100));
  const host = connect(server.config, undefined, deep);
  await host.ping();
  const { socket } = JSON.parse(await readFile(join(deep, 'a.json'), 'utf8')) as { socket: string };
  expect(Buffer.byteLength(socket)).toBeLessThan(108);
  await host.close();
  expect(existsSync(socket)).toBe(false);
});

test('a call after the end fails at once', async () => {
  const host = connect();
  await host.ping();
  await host.close();
  expect(await failureOf(host.ping())).toMatchObject({ code: 'host-unreachable' });
});
