import { randomUUID } from 'node:crypto';
import { createEngine } from '../../src/engine/docker/engine.js';
import { engineHost, makeBase, realClock } from './engine.js';
import { keptLog } from './kept-log.js';

export interface BaseImageOnEngine {
  /** To stand after FROM. */
  readonly name: string;
  remove(): Promise<void>;
}

/** A small image with a shell: the one that `npm test` gives to all files, or one made on the spot, under a name that nobody else removes. */
export async function makeBaseImage(): Promise<BaseImageOnEngine> {
  const shared = process.env['TEST_BASE_IMAGE'];
  if (shared !== undefined) return { name: shared, remove: async () => undefined };
  const engine = createEngine({ host: engineHost(), tls: null, credentials: null, clock: realClock, log: keptLog() });
  const name = `slipway-test/base:${randomUUID().slice(0, 8)}`;
  await makeBase(engine, name);
  return { name, remove: () => engine.images.remove(name) };
}
