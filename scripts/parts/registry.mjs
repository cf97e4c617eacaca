/** A private registry with a password: Debian's docker-registry where it is installed, otherwise a container of registry:2. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { engineClient } from './engine-client.mjs';
import { findProgram } from './programs.mjs';
import { tar } from './tar.mjs';

/** Who may use the registry. `htpasswd` is the same password for the registry, which takes bcrypt alone. */
export const registryUser = {
  username: 'slipway',
  password: 'let-me-push',
  htpasswd: 'slipway:$2y$05$Zm9vYmFyYmF6cXV4cXV1eOg2S3eC24yIahqoD.JWemHhUgJ6nb0r6',
};

/** A port that was free a moment ago. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** JSON is YAML, which is what the registry reads. */
const settings = (data, users, listen) =>
  JSON.stringify({
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: data }, delete: { enabled: true } },
    http: { addr: listen, secret: 'one-registry-only' },
    auth: { htpasswd: { realm: 'slipway', path: users } },
  });

function startProgram({ dir, port, detached }) {
  const [config, users, log] = ['registry.json', 'htpasswd', 'registry.log'].map((name) => join(dir, name));
  writeFileSync(users, `${registryUser.htpasswd}\n`);
  writeFileSync(config, settings(join(dir, 'data'), users, `127.0.0.1:${port}`));
  const file = openSync(log, 'w');
  const tied = detached || findProgram('setpriv') === null ? [] : ['setpriv', '--pdeathsig', 'KILL'];
  const [program, ...args] = [...tied, findProgram('docker-registry'), 'serve', config];
  const child = spawn(program, args, { detached: true, stdio: ['ignore', file, file] });
  child.unref();
  return {
    pid: child.pid,
    alive: () => child.exitCode === null && child.signalCode === null,
    said: () => readFileSync(log, 'utf8').trim().split('\n').slice(-5).join('\n'),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.ref();
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function startContainer({ port, dockerHost }) {
  const client = engineClient(dockerHost);
  await client.send('POST', '/images/create?fromImage=registry&tag=2');
  const container = await client.json('POST', '/containers/create', {
    Image: 'registry:2',
    Cmd: ['serve', '/slipway/registry.json'],
    HostConfig: { PortBindings: { '5000/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] } },
    ExposedPorts: { '5000/tcp': {} },
  });
  const files = await tar([
    { path: 'slipway/' },
    { path: 'slipway/registry.json', content: settings('/var/lib/registry', '/slipway/htpasswd', ':5000') },
    { path: 'slipway/htpasswd', content: `${registryUser.htpasswd}\n` },
  ]);
  await client.send('PUT', `/containers/${container.Id}/archive?path=/`, { body: files, type: 'application/x-tar' });
  await client.send('POST', `/containers/${container.Id}/start`);
  return {
    container: container.Id,
    alive: () => true,
    said: () => `See the log of container ${container.Id}.`,
    stop: () => client.send('DELETE', `/containers/${container.Id}?force=true&v=true`),
  };
}

async function answers(host) {
  const token = Buffer.from(`${registryUser.username}:${registryUser.password}`).toString('base64');
  const response = await fetch(`http://${host}/v2/`, { headers: { authorization: `Basic ${token}` } }).catch(
    () => null,
  );
  return response?.ok === true;
}

/**
 * Starts a registry that `registryUser` alone may use, with its data below `dir` (the caller's to remove), and resolves once it
 * answers. Loopback addresses need no TLS (docs.docker.com, "insecure-registries").
 */
export async function startRegistry({ dir, port = 0, dockerHost, detached = false }) {
  mkdirSync(dir, { recursive: true });
  for (let tries = port === 0 ? 5 : 1; ; tries -= 1) {
    try {
      return await startAt({ dir, port: port === 0 ? await freePort() : port, dockerHost, detached });
    } catch (error) {
      // A port that was free a moment ago may be somebody else's by now.
      if (tries === 1 || !error.message.includes('address already in use')) throw error;
    }
  }
}

async function startAt({ dir, port, dockerHost, detached }) {
  const hasProgram = findProgram('docker-registry') !== null;
  const running = hasProgram ? startProgram({ dir, port, detached }) : await startContainer({ port, dockerHost });
  const host = `127.0.0.1:${port}`;
  for (const start = performance.now(); !(await answers(host)); await pause(50)) {
    if (running.alive() && performance.now() - start < 30_000) continue;
    const said = running.said();
    await running.stop();
    throw new Error(`The registry did not start. The last it said:\n${said}`);
  }
  return { host, pid: running.pid ?? null, container: running.container ?? null, stop: running.stop };
}
