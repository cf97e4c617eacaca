import { parseArgs } from 'node:util';
import { renderPlan } from '../api/render.js';
import { askReach } from './doctor/ask-reach.js';
import { graphText } from './text/graph-text.js';
import { usageText } from './local-usage.js';
import { planTable, warningLines } from './text/plan-table.js';
import { rangeText } from './text/range-text.js';
import { rulesText } from './text/rules-text.js';
import type { Config, Fault } from '../config/config.js';
import { leftBehind } from '../config/left-behind.js';
import { loadConfig, type Loaded } from '../config/load.js';
import { settingWarnings } from '../config/setting-warnings.js';
import { fileState } from '../config/poll-file.js';
import { asSlipwayError } from '../errors.js';
import type { PipelineDeps } from '../pipeline.js';
import { version } from '../version.js';
import type { Warning } from '../model/warning.js';
import { centralCycles } from '../operations/central-cycles.js';
import { compareRules } from '../operations/compare-rules.js';
import { graph } from '../operations/graph.js';
import { plan } from '../operations/plan.js';
import { planRange } from '../operations/plan-range.js';
import { recordedDrift } from '../operations/recorded-drift.js';
import { printable, printableJson } from '../printable.js';
import { formerNameWarnings } from '../server/former-names.js';

const options = {
  config: { type: 'string' },
  repository: { type: 'string' },
  branch: { type: 'string' },
  base: { type: 'string' },
  head: { type: 'string' },
  range: { type: 'string' },
  against: { type: 'string' },
  last: { type: 'string' },
  environment: { type: 'string' },
  release: { type: 'string' },
  'from-container': { type: 'string' },
  engine: { type: 'string' },
  'tls-ca': { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  json: { type: 'boolean' },
  reach: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values'];

/** Loaded on demand: a wrong command line or configuration ends in a third of the time. */
const main = () => import('../main.js');
const dataFolder = () => import('../data-folder.js');

async function readOnly<T>(config: Config, work: (deps: PipelineDeps) => Promise<T>): Promise<T> {
  return (await main()).readOnly(config, work);
}

/** A wrong command line: exit code 2. */
class UsageError extends TypeError {}

const commands: Readonly<Record<string, (file: string, values: Values) => Promise<number>>> = {
  check,
  serve: async (file) => {
    const state = await fileState(file);
    return withConfig(file, async (config) => (await import('./serve.js')).serve(config, { file, state }));
  },
  plan: (file, values) => withConfig(file, (config) => showPlan(config, values)),
  graph: (file, values) => withConfig(file, (config) => showGraph(config, values)),
};

/** Commands with the name of a file. Each resolves with the number of artifacts. */
const archiving: Readonly<Record<string, { readonly done: string; readonly work: 'backup' | 'restore' }>> = {
  backup: { done: 'backed up to', work: 'backup' },
  restore: { done: 'restored from', work: 'restore' },
};

async function run(words: string[]): Promise<number> {
  const { values, positionals } = parse(words);
  const [command, ...rest] = positionals;
  if (values.version && command === undefined) {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  if (values.help || command === undefined) {
    process.stdout.write(usageText);
    return values.help ? 0 : 2;
  }
  const archive = Object.hasOwn(archiving, command) ? archiving[command] : undefined;
  const [target] = rest;
  if (archive) {
    if (target === undefined || rest.length > 1) throw new UsageError(`${command} needs the name of one file.`);
    return withConfig(required(values, 'config'), async (config) => {
      const artifacts = await (await dataFolder())[archive.work](config, target);
      process.stdout.write(`${config.server.dataDir}: database and ${artifacts} artifacts ${archive.done} ${target}\n`);
      return 0;
    });
  }
  if (command === 'compose') return showCompose(rest, values);
  if (rest.length > 0) throw new UsageError(`I do not understand ${rest.join(' ')}.`);
  const work = Object.hasOwn(commands, command) ? commands[command] : undefined;
  if (!work) throw new UsageError(`There is no command ${command}.`);
  return work(required(values, 'config'), values);
}

function parse(words: string[]) {
  try {
    return parseArgs({ args: words, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function required(values: Values, name: 'config' | 'repository' | 'branch' | 'environment' | 'engine'): string {
  const value = values[name];
  if (value === undefined) throw new UsageError(`--${name} is missing.`);
  return value;
}

async function check(file: string, values: Values): Promise<number> {
  const result = await loadConfig(file);
  const faults = result.ok ? await centralCycles(result.config) : result.faults;
  if (!result.ok || faults.length > 0) return complain(file, faults);
  const { config } = result;
  const { against } = values;
  const code =
    against === undefined ? await tellDrift(file, config) : await compare(file, config, { ...values, against });
  return values.reach ? Math.max(code, await tellReach(result)) : code;
}

async function tellDrift(file: string, config: Config): Promise<number> {
  const { size } = config.services;
  process.stdout.write(`${file}: ${size} service${size === 1 ? '' : 's'}, no faults\n`);
  tellSettings(settingWarnings(config));
  const [names, drift] = await readRecord(config);
  tellSettings(names);
  process.stdout.write(warningLines(drift));
  return 0;
}

/** One line for each neighbour, then warnings about branches. Exit code 1 if a neighbour cannot be reached. */
async function tellReach(loaded: Extract<Loaded, { ok: true }>): Promise<number> {
  const { answers, missing } = await readOnly(loaded.config, (deps) => askReach(loaded, deps));
  for (const { name, ok, message } of answers) {
    (ok ? process.stdout : process.stderr).write(`${name}: ${printable(message)}\n`);
  }
  tellSettings(missing);
  return answers.every(({ ok }) => ok) ? 0 : 1;
}

/** Warnings about settings, each at its place. */
function tellSettings(warnings: readonly Fault[]): void {
  for (const { path, message } of warnings) process.stdout.write(`warning: ${printable(`${path}: ${message}`)}\n`);
}

/** Reads only what a server has left in the data directory. */
async function readRecord(config: Config): Promise<readonly [readonly Fault[], readonly Warning[]]> {
  if (!(await dataFolder()).hasRecord(config)) return [[], []];
  try {
    return await readOnly(config, (deps) =>
      Promise.all([formerNameWarnings(config.services, deps), recordedDrift(deps)]),
    );
  } catch (error) {
    const message = `regions and Dockerfiles were not compared: ${asSlipwayError(error).message}`;
    return [[], [{ service: '-', message }]];
  }
}

/** Number of recorded decisions to decide again. */
const DEFAULT_DECISIONS = 200;

/** Finds decisions that an older configuration would have made differently. None of them is a fault. */
async function compare(file: string, config: Config, values: Values & { readonly against: string }): Promise<number> {
  const last = Number(values.last ?? DEFAULT_DECISIONS);
  if (!Number.isSafeInteger(last) || last < 1) throw new UsageError('--last is the number of decisions to look at.');
  const older = await loadConfig(values.against);
  if (!older.ok) return complain(values.against, older.faults, 'naming the file');
  if (!(await dataFolder()).hasRecord(config))
    process.stderr.write(`${file}: there is no record of decisions in ${config.server.dataDir}\n`);
  const found = await readOnly(config, (deps) => compareRules(older.config, last, deps));
  const left = leftBehind(older.config, config);
  print(values, { ...found, leftBehind: left }, () => rulesText(found));
  if (!values.json) tellSettings([...left, ...settingWarnings(config)]);
  return 0;
}

/** A fault is located by its path, after the file if there are two. */
function complain(file: string, faults: readonly Fault[], naming?: 'naming the file'): number {
  for (const { path, message } of faults) {
    const place = naming || path === '' ? [file, path] : [path];
    process.stderr.write(`${printable([...place, message].filter(Boolean).join(': '))}\n`);
  }
  return 1;
}

async function withConfig(file: string, work: (config: Config) => Promise<number>): Promise<number> {
  const result = await loadConfig(file);
  return result.ok ? work(result.config) : complain(file, result.faults);
}

async function showPlan(config: Config, values: Values): Promise<number> {
  const place = { repository: required(values, 'repository'), branch: required(values, 'branch') };
  const { base = null, head = null, range } = values;
  if (range !== undefined) {
    if (base !== null || head !== null) throw new UsageError('--range says what --base and --head would.');
    const found = await readOnly(config, (deps) => planRange({ ...place, range }, deps));
    print(values, found, () => rangeText(found));
    return 0;
  }
  const call = { ...place, base, head };
  const found = await readOnly(config, (deps) => plan(call, deps));
  print(values, renderPlan(found), () => planTable(found));
  return 0;
}

/** A circle is a fault of the configuration: exit code 1. */
async function showGraph(config: Config, values: Values): Promise<number> {
  const found = await readOnly(config, graph);
  print(values, found, () => graphText(found));
  return found.cycles.length > 0 ? 1 : 0;
}

async function showCompose(services: readonly string[], values: Values): Promise<number> {
  const { 'from-container': container, release } = values;
  const [service, ...more] = services;
  if (container !== undefined) {
    if (service !== undefined) throw new UsageError('--from-container needs no service.');
    return showContainer(container, values);
  }
  if (service === undefined || more.length > 0) throw new UsageError('compose needs the name of one service.');
  if (release !== undefined && !/^[1-9]\d{0,8}$/.test(release))
    throw new UsageError('--release is a number from 1 on.');
  const number = release === undefined ? null : Number(release);
  const call = { service, release: number, environment: required(values, 'environment') };
  return withConfig(required(values, 'config'), async (config) => {
    const { effectiveText } = await import('./effective-file.js');
    const { stdout, stderr } = await readOnly(config, (deps) => effectiveText(call, config, deps));
    process.stdout.write(stdout);
    process.stderr.write(stderr);
    return stderr === '' ? 0 : 1;
  });
}

async function showContainer(name: string, values: Values): Promise<number> {
  const { 'tls-ca': ca, 'tls-cert': cert, 'tls-key': key } = values;
  const engine = required(values, 'engine');
  if ((cert === undefined) !== (key === undefined)) throw new UsageError('--tls-cert and --tls-key belong together.');
  const { readContainer } = await import('./read-container.js');
  process.stdout.write(await readContainer(name, engine, { ca, cert, key }));
  return 0;
}

function print({ json }: Values, value: object, text: () => string): void {
  process.stdout.write(json ? `${printableJson(JSON.stringify(value, null, 2))}\n` : text());
}

/** Runs a command that works with a configuration on this machine. Resolves with the exit code. */
export async function runLocal(words: string[]): Promise<number> {
  try {
    return await run(words);
  } catch (thrown) {
    const error = asSlipwayError(thrown);
    const usage = thrown instanceof UsageError;
    const said = usage ? `${error.message}\n${usageText}` : `${error.code}: ${error.message}\n`;
    process.stderr.write(`slipway: ${said}`);
    return usage ? 2 : 1;
  }
}
