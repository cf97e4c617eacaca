import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  ensureBaseImage,
  removePrivateEngine,
  restartPrivateEngine,
  root,
  startPrivateEngine,
  stopPrivateEngine,
} from '../../scripts/parts.mjs';
import { createHost } from '../../src/hosts/docker/host.js';
import type { Host } from '../../src/hosts/contract.js';
import { realClock } from './engine.js';
import { keptLog } from './kept-log.js';

/** A Docker Engine of our own that stands for a machine. */
export interface HostEngine {
  readonly name: string;
  /** Path of its socket. */
  readonly socket: string;
  /** Address of this machine that only its containers publish on, so that all may have the same ports. */
  readonly publish: string;
  readonly host: Host;
  /** Ends it with all that runs on it, as a power cut does. */
  stop(): Promise<void>;
  /** Starts it again with what it had; a stop comes first. */
  reboot(): Promise<void>;
}

export interface HostEngines {
  readonly engines: readonly HostEngine[];
  close(): Promise<void>;
}

/** The image that each of them has. It has a shell, and busybox's `httpd`. */
export const hostImage = 'slipway-test/host:1';

/** Of this process alone, so that test runs may go on side by side. */
const network = `127.0.${16 + (process.pid % 200)}`;

/** The address of the n-th host, from 1 on. */
export const hostAddress = (at: number): string => `${network}.${at}`;

interface Given {
  /** Further arguments of each dockerd. */
  readonly more?: (engine: Pick<HostEngine, 'publish'>) => readonly string[];
}

/** Starts engines called `a`, `b`, `c` …, one after the other: each looks for a free network. */
export async function startHostEngines(count: number, { more = () => [] }: Given = {}): Promise<HostEngines> {
  const run = join(root, '.test', String(process.pid));
  const dirs: string[] = [];
  const engines: HostEngine[] = [];
  const close = async (): Promise<void> => {
    for (const { host } of engines) await host.close();
    for (const dir of dirs) await removePrivateEngine(dir);
    rmSync(run, { recursive: true, force: true });
  };
  try {
    for (let at = 0; at < count; at += 1) {
      const [name, publish] = [String.fromCharCode('a'.charCodeAt(0) + at), hostAddress(at + 1)];
      const dir = join(run, `host-${name}`);
      mkdirSync(dir, { recursive: true });
      dirs.push(dir);
      const dockerHost = await startPrivateEngine({ dir, detached: false, more: more({ publish }) });
      await ensureBaseImage(dockerHost, hostImage);
      engines.push({
        name,
        publish,
        socket: dockerHost.replace('unix://', ''),
        host: hostAt(dockerHost, name),
        stop: () => stopPrivateEngine(dir),
        reboot: () => restartPrivateEngine(dir),
      });
    }
    return { engines, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A host at an address, with the machine's clock. */
export const hostAt = (engine: string, name = 'a', more: Partial<Parameters<typeof createHost>[0]> = {}): Host =>
  createHost({
    name,
    engine,
    tls: null,
    tunnels: '/nonexistent',
    sshConfig: null,
    clock: realClock,
    log: keptLog(),
    ...more,
  });
