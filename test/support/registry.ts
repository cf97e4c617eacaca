import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';

export interface RegistryUser {
  readonly username: string;
  readonly password: string;
  /** The line of an htpasswd file; bcrypt is the only scheme that the registry takes. */
  readonly htpasswd: string;
}

/** The one user of the registries that tests start. */
export const registryUser: RegistryUser = {
  username: 'slipway',
  password: 'let-me-push',
  htpasswd: 'slipway:$2y$05$Zm9vYmFyYmF6cXV4cXV1eOg2S3eC24yIahqoD.JWemHhUgJ6nb0r6',
};

export interface RunningRegistry {
  /** `127.0.0.1:PORT`; engines speak plain HTTP to loopback registries without being told. */
  readonly host: string;
  /** Takes the registry away, as an outage would; what was pushed stays. */
  stop(): Promise<void>;
  /** Brings it back at the same address. */
  start(): Promise<void>;
  /** Stops it and removes everything that it stored. */
  close(): Promise<void>;
}

/** Starts a real registry (`docker-registry serve`) on a free port, open to `user` alone, or to everybody where that is null. */
export async function startRegistry(user: RegistryUser | null): Promise<RunningRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-registry-'));
  if (user !== null) await writeFile(join(folder, 'htpasswd'), `${user.htpasswd}\n`);
  let running = await launch(folder, 0, user !== null);
  const { port } = running;
  const stop = () => end(running.child);
  return {
    host: `127.0.0.1:${port}`,
    stop,
    async start() {
      running = await relaunch(folder, port, user !== null);
    },
    async close() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function launch(folder: string, port: number, locked: boolean): Promise<{ child: ChildProcess; port: number }> {
  const file = join(folder, 'config.yml');
  await writeFile(file, JSON.stringify(configuration(folder, port, locked)));
  const child = spawn('docker-registry', ['serve', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    const listening = /listening on [^" ]*:(\d+)/.exec(line);
    if (listening === null) continue;
    child.stderr.resume();
    return { child, port: Number(listening[1]) };
  }
  throw new Error(`docker-registry did not start:\n${said.join('\n')}`);
}

/** While it was away, a connection of somebody else may have been given its port; such a one passes. */
async function relaunch(folder: string, port: number, locked: boolean): ReturnType<typeof launch> {
  for (let left = 50; ; left -= 1) {
    try {
      return await launch(folder, port, locked);
    } catch (error) {
      if (left === 0 || !String(error).includes('address already in use')) throw error;
      await setTimeout(100);
    }
  }
}

/** JSON is YAML, which is what the registry reads. */
function configuration(folder: string, port: number, locked: boolean): object {
  return {
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: join(folder, 'data') },
      delete: { enabled: true },
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: { addr: `127.0.0.1:${port}`, secret: 'for-tests' },
    ...(locked ? { auth: { htpasswd: { realm: 'tests', path: join(folder, 'htpasswd') } } } : {}),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
