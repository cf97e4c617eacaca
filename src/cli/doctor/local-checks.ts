import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config, Fault } from '../../config/config.js';
import { loadConfig, type Loaded } from '../../config/load.js';
import { settingWarnings } from '../../config/setting-warnings.js';
import { asSlipwayError } from '../../errors.js';
import { readOnly } from '../../main.js';
import { centralCycles } from '../../operations/central-cycles.js';
import { remedies } from '../../operations/system/remedies.js';
import type { PipelineDeps } from '../../pipeline.js';
import { askPushes, type Reached } from '../../server/reach.js';
import { askReach } from './ask-reach.js';
import type { Cli } from '../remote/cli.js';
import { fault, few, note, ok, type Check } from './check.js';
import { checkApp } from './app-check.js';
import { checkClock, checkData, checkDisk, type Clocks } from './machine-checks.js';
import { checkGithub, checkWebhook } from './web-checks.js';

type Correct = Extract<Loaded, { ok: true }>;

/** Images whose push right is tried. */
const MAX_PUSHES = 50;

/**
 * Looks at everything that a server with this configuration needs, from this machine. Changes nothing: neither here nor at the registry.
 * Resolves with one check for each subject; with the first alone if the configuration has faults.
 */
export async function localChecks(file: string, { env, now }: Pick<Cli, 'env' | 'now'>): Promise<readonly Check[]> {
  const loaded = await loadConfig(file, env);
  if (!loaded.ok) return [configurationFault(file, loaded.faults)];
  const { config } = loaded;
  const [data, disk, webhook, app, github, cycles] = await Promise.all([
    checkData(config),
    checkDisk(config),
    checkWebhook(config),
    checkApp(config, now),
    checkGithub(config, now),
    centralCycles(config).catch(unreadable),
  ]);
  if (cycles.length > 0) return [configurationFault(file, cycles)];
  const asked = await askAll(loaded, data.isThere);
  const clock = checkClock(github.clocks ?? asked.clocks);
  return [configurationCheck(file, config), ...asked.checks, app ?? github.check, webhook, clock, disk, data.check];
}

/** The central dockerfiles cannot be read. */
const unreadable = (thrown: unknown): readonly Fault[] => [
  { path: 'dockerfiles', message: asSlipwayError(thrown).message },
];

const placed = ({ path, message }: Fault): string => (path === '' ? message : `${path}: ${message}`);

const configurationFault = (file: string, faults: readonly Fault[]): Check =>
  fault(
    'configuration',
    few(faults.map(placed)),
    `Correct ${file}. \`slipway check --config ${file}\` names every fault.`,
  );

function configurationCheck(file: string, config: Config): Check {
  const warnings = settingWarnings(config).map(placed);
  if (warnings.length > 0) return note('configuration', few(warnings), `Read ${file} at these places.`);
  const { size } = config.services;
  return ok('configuration', `${file}: ${size} service${size === 1 ? '' : 's'}, no faults`);
}

interface Asked {
  readonly checks: readonly Check[];
  readonly clocks: Clocks | null;
}

/** Asks the neighbours. Mirrors go into a folder for this alone, so that nothing in the data directory changes or has another owner. */
async function askAll(loaded: Correct, isThere: boolean): Promise<Asked> {
  const scratch = await mkdtemp(join(tmpdir(), 'slipway-doctor-'));
  const { config } = loaded;
  const usable = isThere ? config : { ...config, server: { ...config.server, dataDir: scratch } };
  try {
    return await readOnly(usable, (deps) => askNeighbours(loaded, deps), { mirrors: join(scratch, 'mirrors') });
  } catch (error) {
    return { checks: [fault('doctor', asSlipwayError(error).message, 'Correct that first.')], clocks: null };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function askNeighbours(loaded: Correct, deps: PipelineDeps): Promise<Asked> {
  const { config } = loaded;
  const { registry, clock } = deps;
  const images = [...new Set([...config.services.values()].map(({ image }) => image))];
  const [{ answers, missing }, pushes, time] = await Promise.all([
    askReach(loaded, deps),
    askPushes(images.slice(0, MAX_PUSHES), deps),
    registry.time().catch(() => null),
  ]);
  const clocks = time === null ? null : { own: clock.now(), other: time, host: registry.host };
  const isReached = (name: Reached['name']) => answers.some((answer) => answer.name === name && answer.ok);
  const engine = isReached('engine') ? await deps.engine.version().catch(() => null) : null;
  const checks = answers.map(({ name, ok: isOk, message }): Check => {
    if (!isOk) return fault(name, message, remedies[name]);
    if (name === 'git' && missing.length > 0) return note(name, few(missing.map(placed)), 'Correct `branches`.');
    return ok(name, name === 'engine' && engine !== null ? `${message}, version ${engine}` : message);
  });
  // Without the registry, the same fault would stand there twice.
  const push = isReached('registry') ? [pushCheck(images.length, pushes)] : [];
  const at = checks.findIndex(({ name }) => name === 'registry') + 1;
  return { checks: [...checks.slice(0, at), ...push, ...checks.slice(at)], clocks };
}

function pushCheck(all: number, { ok: isOk, message }: Pick<Reached, 'ok' | 'message'>): Check {
  const name = 'push';
  const remedy =
    'Give registry.username the right to push, and make the repositories if the registry makes none by itself.';
  if (!isOk) return fault(name, message, remedy);
  return ok(name, all > MAX_PUSHES ? `${message}; ${all - MAX_PUSHES} more were not asked for` : message);
}
