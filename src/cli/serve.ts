import type { Config } from '../config/config.js';
import { loadConfig } from '../config/load.js';
import { settingWarnings } from '../config/setting-warnings.js';
import { pollFile } from '../config/poll-file.js';
import { watchConfig } from '../config/watch-config.js';
import type { Log } from '../log.js';
import { compose, GRACE_MS } from '../main.js';
import { centralCycles } from '../operations/central-cycles.js';
import type { Readiness } from '../server/contract.js';
import { createLog } from '../server/create-log.js';
import { listenAt } from '../server/listen-at.js';
import { systemClock } from '../system-clock.js';
import { version } from '../version.js';

/** How long work that still hangs keeps the stopped process, in milliseconds. */
const EXIT_MS = 500;

/** The file of the configuration, and how it looked before it was read (`fileState`). */
export interface ConfigFile {
  readonly file: string;
  readonly state: string;
}

/** Runs the server until SIGTERM or SIGINT, then drains. Reloads its file when it changes, and at SIGHUP. Resolves with the exit code. */
export async function serve(config: Config, { file, state }: ConfigFile): Promise<number> {
  const log = createLog(process.env['LOG_LEVEL']);
  const slipway = await compose(config, { clock: systemClock, log, env: process.env, random: Math.random });
  const stopping = new AbortController();
  const reloading = watchConfig(
    { file, watch: pollFile(state), clock: systemClock, reload: readAgain },
    stopping.signal,
  );
  // Before anybody can know that it runs: without a handler, either signal would kill it.
  process.on('SIGHUP', reloading.now);
  const asked = new Promise<string>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT']) process.once(name, resolve);
  });
  const { host, port } = config.server;
  const address = await listenAt(slipway.app, { host, port });
  log.info({ version, address, services: config.services.size }, 'listening');
  for (const { path, message } of settingWarnings(config)) log.warn({ path }, `${path} ${message}`);
  void warnOfUnreachable(slipway.readiness, log);
  await warnOfCycles(config, log);
  await slipway.start().catch(async (error: unknown) => {
    // Stop listening: nobody would process new requests.
    stopping.abort();
    await slipway.stop(0);
    throw error;
  });
  const signal = await asked;
  log.info({ signal }, 'stopping');
  stopping.abort();
  process.off('SIGHUP', reloading.now);
  await slipway.stop(GRACE_MS);
  // Work that still hangs, such as an engine that cleans up, keeps the process no longer.
  setTimeout(() => process.exit(0), EXIT_MS).unref();
  return 0;

  async function readAgain(): Promise<void> {
    try {
      const read = await loadConfig(file);
      if ((await slipway.reload(read)) && read.ok) await warnOfCycles(read.config, log);
    } catch (error) {
      log.error({ err: error }, 'could not read the configuration again');
    }
  }
}

/** Each is waited for, so none keeps the server from starting. */
async function warnOfUnreachable(readiness: Readiness, log: Log): Promise<void> {
  const checks = await readiness.check();
  for (const name of ['engine', 'registry', 'git'] as const) {
    if (!checks[name].ok) log.warn({ neighbour: name }, `cannot reach ${name}: ${checks[name].message}`);
  }
}

/** Only a commit says which Dockerfile is in force, so a circle in the central ones is a warning, not an error. */
async function warnOfCycles(config: Config, log: Log): Promise<void> {
  const cycles = await centralCycles(config).catch((error: unknown) => {
    log.warn({ err: error }, 'could not read the central dockerfiles');
    return [];
  });
  for (const { path, message } of cycles) log.error({ path }, message);
}
