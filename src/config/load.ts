import { dirname, resolve } from 'node:path';
import type { Config, Fault } from './config.js';
import { normalise } from './normalise.js';
import { readYaml } from './read-yaml.js';
import { crossFaults } from './rules.js';
import { configSchema, type WrittenConfig } from './schema.js';
import { shapeFaults } from './shape.js';
import { contentOf, readSurroundings } from './surroundings.js';
import { withTypes } from './variable-types.js';
import { variableNames, type Variable, type Variables } from './variables.js';
import { withoutFaults } from './without-faults.js';

export type Loaded =
  | {
      readonly ok: true;
      readonly config: Config;
      /** Services with `branches` of their own, not from `defaults`. */
      readonly ownBranches: ReadonlySet<string>;
    }
  | { readonly ok: false; readonly faults: readonly Fault[] };
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a configuration file and the variables and files that it names. Never fails: all errors are in `faults`, and none quotes a possible
 * secret.
 */
export async function loadConfig(file: string, environment: Environment = process.env): Promise<Loaded> {
  const folder = dirname(resolve(file));
  const content = await contentOf(file);
  if ('fault' in content) return { ok: false, faults: [{ path: '', message: `the file ${content.fault}` }] };
  const read = readYaml(content.text, await variables(content.text, environment, folder));
  const { faults: unread } = read;
  if (read.value === null) return { ok: false, faults: unread };
  const value = withTypes(read.value, configSchema, read.variablesAlone);
  const places = new Set(unread.map(({ path }) => path));
  // A missing variable is already reported, so its value is not checked.
  const misshapen = shapeFaults(value, configSchema).filter(({ path }) => !places.has(path));
  const single = [...unread, ...misshapen];
  const sketch = withoutFaults(value, single);
  const surroundings = await readSurroundings(sketch, folder);
  const crossing = crossFaults(sketch, value).filter(({ path }) => !isReported(path, single));
  const faults = [...single, ...crossing, ...surroundings.faults];
  if (faults.length > 0) return { ok: false, faults };
  const written = sketch as WrittenConfig;
  const config = normalise(written, { ...read, ...surroundings });
  return { ok: true, config, ownBranches: withBranches(written) };
}

const withBranches = ({ services }: WrittenConfig): ReadonlySet<string> =>
  new Set(Object.entries(services).flatMap(([name, { branches }]) => (branches === undefined ? [] : [name])));

/** True if a fault between settings only follows from another one, which removed a setting or its default. */
function isReported(path: string, reported: readonly Fault[]): boolean {
  const shared = path.replace(/^services\..*\.(\w+)$/, 'defaults.$1');
  return reported.some((fault) => fault.path === path || fault.path === shared || fault.path.startsWith(`${path}.`));
}

async function variables(text: string, environment: Environment, folder: string): Promise<Variables> {
  const names = variableNames(text);
  return new Map(
    await Promise.all(names.map(async (name) => [name, await variable(name, environment, folder)] as const)),
  );
}

async function variable(name: string, environment: Environment, folder: string): Promise<Variable> {
  const value = environment[name];
  const file = environment[`${name}_FILE`];
  if (value || !file) return value === undefined ? { fault: `is not set, nor is ${name}_FILE` } : { value };
  const content = await contentOf(resolve(folder, file));
  return 'fault' in content
    ? { fault: `has no value: the file that ${name}_FILE names ${content.fault}` }
    : { value: content.text.replace(/\r?\n$/, '') };
}
