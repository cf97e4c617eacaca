/**
 * `hosts-server.ts CONFIG`: a whole Slipway in a process of its own, with real parts. It begins with the first line of its input, and prints its
 * address once it works.
 */
import { once } from 'node:events';
import { loadConfig } from '../../src/config/load.js';
import { compose } from '../../src/main.js';
import { createLog } from '../../src/server/create-log.js';
import { systemClock } from '../../src/system-clock.js';
import { inlineReading } from './reading.js';

// Its modules are there by now, so that one that waits takes over at once.
await once(process.stdin, 'data');
const loaded = await loadConfig(process.argv[2] ?? '', {});
if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
const parts = { clock: systemClock, log: createLog('silent'), env, random: Math.random, reading: inlineReading };
const slipway = await compose(loaded.config, parts);
const address = await slipway.app.listen({ host: '127.0.0.1', port: 0 });
await slipway.start();
process.stdout.write(`${address}\n`);
