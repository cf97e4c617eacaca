/** `loaded-libraries.ts CONFIG [ENDPOINT]`: makes a whole Slipway, and prints the packages of OpenTelemetry that are loaded then. */
import { createRequire } from 'node:module';
import { loadConfig } from '../../../src/config/load.js';
import { compose } from '../../../src/main.js';
import { createLog } from '../../../src/server/create-log.js';
import { systemClock } from '../../../src/system-clock.js';
import { inlineReading } from '../reading.js';

const [config = '', endpoint] = process.argv.slice(2);
const loaded = await loadConfig(config, {});
if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
const env = { PATH: process.env['PATH'], OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
const parts = { clock: systemClock, log: createLog('silent'), env, random: () => 0.5, reading: inlineReading };
const slipway = await compose(loaded.config, parts);
const packages = Object.keys(createRequire(import.meta.url).cache).flatMap(
  (file) => /@opentelemetry\/[^/]+/.exec(file)?.[0] ?? [],
);
process.stdout.write(`${[...new Set(packages)].toSorted().join(' ')}\n`);
await slipway.stop(0);
process.exit();
