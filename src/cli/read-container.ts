import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { SlipwayError } from '../errors.js';
import type { ClientCertificates } from '../model/environment.js';
import { createHost } from '../main.js';
import { Secret } from '../secret.js';
import { systemClock } from '../system-clock.js';
import { containerFile } from './container-file.js';

/** Files with the certificates of an engine at `tcp://`. */
export interface CertificateFiles {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/**
 * A run file like a container of an engine. Fails with `not-found` if there is no such container or its image is gone,
 * `invalid-configuration` for an address that is not an engine's or a file that cannot be read, and `host-unreachable`.
 */
export async function readContainer(name: string, engine: string, files: CertificateFiles): Promise<string> {
  const tls = await certificatesIn(files);
  const tunnels = await mkdtemp(join(tmpdir(), 'slipway-compose-'));
  const log = pino({ level: 'silent' });
  const host = createHost({ name: engine, engine, tls, tunnels, sshConfig: null, clock: systemClock, log });
  try {
    const container = await host.containers.inspect(name);
    if (container === null) throw new SlipwayError('not-found', `The engine has no container ${JSON.stringify(name)}.`);
    const text = containerFile(container);
    if (text === null) throw new SlipwayError('not-found', `The image of ${container.name} is gone from the engine.`);
    return text;
  } finally {
    await host.close();
    await rm(tunnels, { recursive: true, force: true });
  }
}

/** Null: none is named. */
async function certificatesIn({ ca, cert, key }: CertificateFiles): Promise<ClientCertificates | null> {
  if (ca === undefined && cert === undefined && key === undefined) return null;
  const privateKey = await textOf(key);
  return { ca: await textOf(ca), cert: await textOf(cert), key: privateKey === null ? null : new Secret(privateKey) };
}

async function textOf(file: string | undefined): Promise<string | null> {
  if (file === undefined) return null;
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new SlipwayError('invalid-configuration', `The file ${JSON.stringify(file)} cannot be read.`, { cause });
  }
}
