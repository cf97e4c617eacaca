import { compileBranchPattern, isPatternFault } from '../patterns/pattern.js';
import { balancerFaults } from './balancer-rules.js';
import type { Fault } from './config.js';
import { builtInDefaults } from './defaults.js';
import { placeOf } from './describe.js';
import { engineKey } from './engine-address.js';
import { certificateFaults, fault, listed, unknownName } from './fault.js';
import { namesAt, writtenAt, type Sketch, type SketchEnvironment, type SketchService } from './sketch.js';
import { parseDuration } from './units.js';

/** Checks the settings of environments against each other, and against those of services. `written` is the whole file. */
export function environmentFaults(
  { environments = {}, services = {}, defaults = {} }: Sketch,
  written: unknown,
): Fault[] {
  const known = namesAt(written, 'environments') ?? [];
  const each = Object.entries(environments).flatMap(([name, environment = {}]) => {
    const place = placeOf('environments', name);
    const raw = writtenAt(written, 'environments', name);
    return [
      ...hostFaults(environment, place),
      ...balancerFaults(environment.balancer, place, namesAt(raw, 'hosts')),
      ...strategyFaults(raw, place),
      ...windowFaults(environment, place),
      ...timeoutFaults(environment, place),
      ...requiresFaults(name, environment, place, known),
    ];
  });
  return [
    ...each,
    ...circleFaults(environments),
    ...Object.entries(environments).flatMap(([name, environment = {}]) =>
      followFaults(name, environment, { services, defaults }, written),
    ),
  ];
}

function hostFaults({ hosts = {} }: SketchEnvironment, place: string): Fault[] {
  const owners = new Map<string, string>();
  return Object.entries(hosts).flatMap(([name, { engine, tls } = {}]) => {
    const here = placeOf(`${place}.hosts`, name);
    const same = engine === undefined ? undefined : owners.get(engineKey(engine));
    if (engine !== undefined && same === undefined) owners.set(engineKey(engine), name);
    return [
      ...(same === undefined ? [] : [fault(`${here}.engine`, `is also the engine of the host ${same}`)]),
      ...(tls !== undefined && engine !== undefined && !engine.startsWith('tcp://')
        ? [fault(`${here}.tls`, 'needs an engine that begins with tcp://')]
        : []),
      ...certificateFaults(tls ?? {}, `${here}.tls`),
    ];
  });
}

/** Reads what is written, so that a faulty setting has no further faults. */
function strategyFaults(raw: unknown, place: string): Fault[] {
  const strategy = writtenAt(raw, 'strategy') ?? builtInDefaults.environment.strategy;
  if (strategy === 'rolling' && writtenAt(raw, 'gate') === 'switch') {
    return [fault(`${place}.gate`, 'must be `start` with `strategy: rolling`, which has no switch')];
  }
  if (strategy !== 'blue-green') return [];
  const hosts = namesAt(raw, 'hosts');
  return [
    ...(writtenAt(raw, 'balancer') === undefined
      ? [fault(`${place}.balancer`, 'is required with `strategy: blue-green`')]
      : []),
    ...(hosts?.length === 1 ? [fault(`${place}.hosts`, 'must be two or more with `strategy: blue-green`')] : []),
  ];
}

function windowFaults({ window = [] }: SketchEnvironment, place: string): Fault[] {
  return window.flatMap(({ from, to }, index) =>
    from !== undefined && from === to
      ? [
          fault(
            `${placeOf(`${place}.window`, index)}.to`,
            "is the same as `from` (a whole day is from '00:00' to '24:00')",
          ),
        ]
      : [],
  );
}

function timeoutFaults({ timeouts: { drain, drainMax } = {} }: SketchEnvironment, place: string): Fault[] {
  if (drain === undefined || drainMax === undefined) return [];
  return (parseDuration(drain) ?? 0) > (parseDuration(drainMax) ?? 0)
    ? [fault(`${place}.timeouts.drain`, 'must not be longer than drainMax')]
    : [];
}

function requiresFaults(
  name: string,
  { requires }: SketchEnvironment,
  place: string,
  known: readonly string[],
): Fault[] {
  if (requires === undefined) return [];
  if (requires === name) return [fault(`${place}.requires`, 'is the environment itself')];
  return known.includes(requires) ? [] : [unknownName(`${place}.requires`, requires, known, 'environment')];
}

/** Each circle of two or more once, at the first of its environments. */
function circleFaults(environments: NonNullable<Sketch['environments']>): Fault[] {
  const told = new Set<string>();
  return Object.keys(environments).flatMap((name) => {
    const way = [name];
    let next = environments[name]?.requires;
    while (next !== undefined && !way.includes(next)) {
      way.push(next);
      next = environments[next]?.requires;
    }
    if (next !== name || way.length === 1 || told.has(name)) return [];
    way.forEach((one) => told.add(one));
    return [fault(`${placeOf('environments', name)}.requires`, `runs in a circle: ${[...way, name].join(' → ')}`)];
  });
}

function followFaults(
  name: string,
  { follow }: SketchEnvironment,
  { services, defaults }: Required<Pick<Sketch, 'services' | 'defaults'>>,
  written: unknown,
): Fault[] {
  if (follow === undefined) return [];
  const others = Object.entries(services).flatMap(([service, settings = {}]) => {
    if (!settings.deploy?.environments?.includes(name)) return [];
    const branches = branchesOf(service, settings, defaults, written);
    return branches === null || branches.some((pattern) => matches(pattern, follow)) ? [] : [service];
  });
  if (others.length === 0) return [];
  return [fault(`${placeOf('environments', name)}.follow`, `is a branch that is not built for ${listed(others)}`)];
}

/** Null if they have faults. */
function branchesOf(
  service: string,
  { branches }: SketchService,
  defaults: SketchService,
  written: unknown,
): readonly string[] | null {
  if (writtenAt(written, 'services', service, 'branches') !== undefined) return branches ?? null;
  if (writtenAt(written, 'defaults', 'branches') !== undefined) return defaults.branches ?? null;
  return builtInDefaults.service.branches;
}

function matches(pattern: string, branch: string): boolean {
  const compiled = compileBranchPattern(pattern);
  return !isPatternFault(compiled) && compiled.matches(branch);
}
