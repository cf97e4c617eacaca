/**
 * `mortal-server.ts CONFIG [COLLECTOR]`: a whole Slipway in a process of its own, with an engine in memory. It dies as if by kill -9 when the engine
 * is asked for a base image that is called `poison`, wherever that comes from. Prints its address once it works.
 */
import type { Engine } from '../../src/engine/contract.js';
import { loadConfig } from '../../src/config/load.js';
import { createLog } from '../../src/server/create-log.js';
import { compose } from '../../src/main.js';
import { systemClock } from '../../src/system-clock.js';
import { createFakes } from './fakes.js';
import { inlineReading } from './reading.js';

const { engine: fake, registry } = createFakes('registry.test:5000', systemClock);

function taste(reference: string): void {
  if (reference.includes('poison')) process.kill(process.pid, 'SIGKILL');
}

const engine: Engine = {
  ...fake,
  images: {
    ...fake.images,
    async find(name) {
      taste(name);
      return fake.images.find(name);
    },
    async resolveBase(reference) {
      taste(reference);
      return fake.images.resolveBase(reference);
    },
  },
};

const loaded = await loadConfig(process.argv[2] ?? '', {});
if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
const { config } = loaded;
const traces = { OTEL_EXPORTER_OTLP_ENDPOINT: process.argv[3], OTEL_BSP_SCHEDULE_DELAY: '20' };
const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...traces };
const log = createLog('silent');
const parts = { clock: systemClock, log, env, random: () => 0.5, engine, registry, reading: inlineReading };
const slipway = await compose(config, parts);
const address = await slipway.app.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${address}\n`);
await slipway.start();
process.stdout.write('started\n');
