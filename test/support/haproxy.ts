import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { haproxyIn } from '../../scripts/parts/haproxy.mjs';
import { freePort } from '../../scripts/parts.mjs';
import { exchange } from '../../src/balancer/haproxy/exchange.js';
import { until } from './api-client.js';

const run = promisify(execFile);

/** The program, and where its libraries are. */
function program(): { readonly file: string; readonly env: NodeJS.ProcessEnv } {
  const tree = process.env['TEST_HAPROXY'];
  if (tree === undefined) throw new Error('TEST_HAPROXY names no program; run the tests of the project `balancer`.');
  const { file, libraries } = haproxyIn(tree);
  return { file, env: { ...process.env, LD_LIBRARY_PATH: libraries } };
}

/** What `haproxy -c` says of a configuration, and whether that is valid. */
export async function checkHaproxy(config: string): Promise<{ readonly valid: boolean; readonly said: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-haproxy-'));
  const { file, env } = program();
  try {
    await writeFile(join(folder, 'haproxy.cfg'), config);
    const { stdout, stderr } = await run(file, ['-c', '-V', '-f', join(folder, 'haproxy.cfg')], { env });
    return { valid: true, said: stdout + stderr };
  } catch (error) {
    return { valid: false, said: String((error as { readonly stderr?: string }).stderr ?? error) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A web server behind HAProxy. */
interface Backend {
  readonly port: number;
  readonly server: Server;
  down: boolean;
  /** Requests for `/slow` end when it is called. */
  release: () => void;
}

export interface TestHaproxy {
  /** Path of the admin socket. */
  readonly socket: string;
  /** Another one, which may not change anything. */
  readonly operatorSocket: string;
  readonly stateFile: string;
  readonly port: number;
  /** Answers with the name of the server that got the request. */
  get(path?: string): Promise<string>;
  /** Says something to the admin socket, as an operator would. */
  ask(line: string): Promise<string>;
  /** The web server of a name refuses its checks and requests, or not any more. */
  setDown(server: 'web-a' | 'web-b', down: boolean): void;
  /** Ends requests for `/slow`. */
  release(): void;
  /** A new process takes over, as at a reload. */
  reload(): Promise<void>;
  /** Takes the admin socket away, or brings it back. */
  hideSocket(): Promise<void>;
  showSocket(): Promise<void>;
  close(): Promise<void>;
}

/** A server of the backend. */
export interface HaproxyServer {
  readonly name: string;
  /** `ADDRESS:PORT`. */
  readonly at: string;
  /** In maintenance at first. */
  readonly disabled?: boolean;
}

/** HAProxy alone, in front of servers that somebody else runs. */
export type PlainHaproxy = Omit<TestHaproxy, 'setDown' | 'release'> & {
  /** A new process takes over; what the balancer was asked to change is lost if nobody has written it down. */
  reload(): Promise<void>;
  /** Empties the state file, so that the next reload finds nothing. */
  forgetState(): Promise<void>;
};

interface Settings {
  readonly backend?: string;
  readonly checks?: string;
  /** What is asked to check a server. */
  readonly check?: string;
}

/** Starts HAProxy with the backend `bk_web`: `web-a`, and `web-b`, which is in maintenance at first. Checks are every 100 ms. */
export async function startHaproxy(checks?: string): Promise<TestHaproxy> {
  const backends = { 'web-a': await startBackend('web-a'), 'web-b': await startBackend('web-b') };
  const servers = [
    { name: 'web-a', at: `127.0.0.1:${backends['web-a'].port}` },
    { name: 'web-b', at: `127.0.0.1:${backends['web-b'].port}`, disabled: true },
  ];
  const plain = await startPlainHaproxy(servers, { ...(checks !== undefined && { checks }) });
  return {
    ...plain,
    setDown: (server, down) => void (backends[server].down = down),
    release: () => Object.values(backends).forEach((backend) => backend.release()),
    async close() {
      await plain.close();
      for (const { server } of Object.values(backends)) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

/** Starts HAProxy in front of the servers of a backend, `bk_web` by default. */
export async function startPlainHaproxy(
  servers: readonly HaproxyServer[],
  settings: Settings = {},
): Promise<PlainHaproxy> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-haproxy-'));
  const port = await freePort();
  const file = (name: string) => join(folder, name);
  const socket = file('admin.sock');
  await writeFile(file('haproxy.cfg'), configOf(folder, port, servers, settings));
  await writeFile(file('state'), '');
  let child = start(file('haproxy.cfg'), []);
  await isUp(child, socket);
  const get = async (path = '/') => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  return {
    ...{ socket, operatorSocket: file('operator.sock'), stateFile: file('state'), port, get },
    ask: (line) => exchange(socket, line, 5_000, 'the test'),
    async reload() {
      const former = child;
      const ended = once(former, 'exit');
      child = start(file('haproxy.cfg'), ['-x', socket, '-sf', String(former.pid)]);
      await ended;
      await isUp(child, socket);
    },
    forgetState: () => writeFile(file('state'), ''),
    hideSocket: () => rename(socket, file('hidden')),
    showSocket: () => rename(file('hidden'), socket),
    async close() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function start(config: string, more: readonly string[]): ChildProcess {
  const { file, env } = program();
  // It ends with this process, whatever happens to that.
  return spawn('setpriv', ['--pdeathsig', 'KILL', file, '-db', '-f', config, ...more], { env, stdio: 'ignore' });
}

async function isUp(child: ChildProcess, socket: string): Promise<void> {
  await until('HAProxy to answer', async () => {
    if (child.exitCode !== null) throw new Error(`HAProxy ended with code ${child.exitCode}`);
    if (!existsSync(socket)) return false;
    const answer = await exchange(socket, 'show info', 5_000, 'the test').catch(() => '');
    return answer.includes(`Pid: ${child.pid}\n`);
  });
}

async function startBackend(name: string): Promise<Backend> {
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    if (backend.down) response.writeHead(503);
    if (request.url === '/slow') waiting.push(() => response.end(name));
    else response.end(name);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const release = (): void => waiting.splice(0).forEach((end) => end());
  const backend: Backend = { port, server, down: false, release };
  return backend;
}

const configOf = (
  folder: string,
  port: number,
  servers: readonly HaproxyServer[],
  { backend = 'bk_web', checks = 'inter 100ms fall 2 rise 2', check = '/' }: Settings,
): string => `global
  stats socket ${join(folder, 'admin.sock')} mode 600 level admin expose-fd listeners
  stats socket ${join(folder, 'operator.sock')} mode 600 level operator
  server-state-file ${join(folder, 'state')}
  hard-stop-after 1s
defaults
  mode http
  timeout connect 1s
  timeout client 60s
  timeout server 60s
  timeout check 2s
  load-server-state-from-file global
frontend http
  bind 127.0.0.1:${port}
  default_backend ${backend}
backend ${backend}
  option httpchk GET ${check}
  retries 3
  option redispatch
  default-server ${checks}
${servers.map(({ name, at, disabled }) => `  server ${name} ${at} check${disabled === true ? ' disabled' : ''}`).join('\n')}
backend bk_plain
${servers.map(({ name, at }) => `  server ${name} ${at}`).join('\n')}
`;
