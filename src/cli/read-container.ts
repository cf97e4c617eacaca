import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { SlipwayError } from '../errors.js';
import { createHost } from '../main.js';
import { systemClock } from '../system-clock.js';
import { containerFile } from './container-file.js';

/**
 * A run file like a container of an engine. Fails with `not-found` if there is no such container or its image is gone,
 * `invalid-configuration` for an address that is not an engine's, and `host-unreachable`.
 */
export async function readContainer(name: string, engine: string): Promise<string> {
  const tunnels = await mkdtemp(join(tmpdir(), 'slipway-compose-'));
  const log = pino({ level: 'silent' });
  const host = createHost({ name: engine, engine, tls: null, tunnels, sshConfig: null, clock: systemClock, log });
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
