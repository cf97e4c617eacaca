import type {
  BalancerSettings,
  ContainerDefaults,
  Environment,
  HostSettings,
  Timeouts,
  Window,
} from '../model/environment.js';
import type { Allow, Variable, Variables } from '../model/run-file.js';
import { parseRestart } from '../restart-policy.js';
import { Secret } from '../secret.js';
import { builtInDefaults } from './defaults.js';
import { placeOf } from './describe.js';
import type { WrittenAllow, WrittenEnvironment, WrittenVariables } from './environment-schema.js';
import { parseDuration, parseSize } from './units.js';

/** What environments and deployments need beyond what is written, by the places of settings. */
export interface DeploySurroundings {
  /** Contents of PEM files. */
  readonly files: ReadonlyMap<string, string>;
  /** Values of the variables that a text has inside. */
  readonly secretPlaces: ReadonlyMap<string, readonly string[]>;
}

const builtIn = builtInDefaults.environment;
const everyDay = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** Applies every default to a valid environment. */
export function normaliseEnvironment(
  name: string,
  written: WrittenEnvironment,
  surroundings: DeploySurroundings,
): Environment {
  const place = placeOf('environments', name);
  const strategy = written.strategy ?? builtIn.strategy;
  const hosts = Object.entries(written.hosts).map(
    ([host, settings]) => [host, hostOf(host, settings, placeOf(`${place}.hosts`, host), surroundings)] as const,
  );
  return {
    name,
    hosts: new Map(hosts),
    strategy,
    balancer: balancerOf(written.balancer),
    gate: written.gate ?? (strategy === 'blue-green' ? 'switch' : 'start'),
    window: (written.window ?? []).map(windowOf),
    approvals: written.approvals ?? builtIn.approvals,
    requires: written.requires ?? null,
    follow: written.follow ?? null,
    allow: allowOf(written.allow),
    defaults: defaultsOf(written.defaults),
    variables: new Secret(variablesOf(written.variables, `${place}.variables`, surroundings)),
    timeouts: timeoutsOf(written.timeouts),
    concurrency: written.concurrency ?? builtIn.concurrency,
    keep: written.keep ?? builtIn.keep,
    repair: written.repair === false ? 'off' : (written.repair ?? builtIn.repair),
  };
}

function hostOf(
  name: string,
  { engine, tls, address, publish }: WrittenEnvironment['hosts'][string],
  place: string,
  { files }: DeploySurroundings,
): HostSettings {
  const file = (part: string) => files.get(`${place}.tls.${part}`) ?? null;
  const key = file('key');
  return {
    name,
    engine,
    tls: tls === undefined ? null : { ca: file('ca'), cert: file('cert'), key: key === null ? null : new Secret(key) },
    address,
    publish: publish ?? null,
  };
}

function balancerOf(written: WrittenEnvironment['balancer']): BalancerSettings | null {
  const address = written?.address?.replace(/\/+$/, '') ?? null;
  if (written?.haproxy !== undefined) {
    const { sockets, stateFile, backend, servers } = written.haproxy;
    return {
      kind: 'haproxy',
      sockets,
      stateFile: stateFile ?? null,
      backend,
      servers: new Map(Object.entries(servers)),
      address,
    };
  }
  return written?.command === undefined ? null : { kind: 'command', ...written.command, address };
}

function windowOf({ days, from, to, zone }: NonNullable<WrittenEnvironment['window']>[number]): Window {
  const begins = new Set(days ?? everyDay);
  return { days: everyDay.filter((day) => begins.has(day)), from: minutesOf(from), to: minutesOf(to), zone };
}

/** Minutes since midnight of `HH:MM`. */
function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

/** Nothing is allowed unless it is written. */
export function allowOf(written: WrittenAllow | undefined): Allow {
  return {
    privileged: written?.privileged ?? false,
    hostNetwork: written?.hostNetwork ?? false,
    devices: written?.devices ?? [],
    capAdd: written?.capAdd ?? [],
    securityOpt: written?.securityOpt ?? [],
    sysctls: written?.sysctls ?? [],
    binds: written?.binds ?? [],
  };
}

function defaultsOf(written: WrittenEnvironment['defaults']): ContainerDefaults {
  return {
    memory: written?.memory === undefined ? null : parseSize(written.memory),
    nanoCpus: written?.cpus === undefined ? null : Math.round(written.cpus * NANO),
    restart: written?.restart === undefined ? null : parseRestart(written.restart),
  };
}

const NANO = 1e9;

/** A value into which a variable was put is secret as a whole. Values are not read again. */
export function variablesOf(
  written: WrittenVariables | undefined,
  place: string,
  { secretPlaces }: Pick<DeploySurroundings, 'secretPlaces'>,
): Variables {
  const entries = Object.entries(written ?? {}).map(([name, given]): [string, Variable] => {
    const value = String(given);
    const contents = secretPlaces.get(placeOf(place, name));
    if (contents === undefined) return [name, { value, secret: false }];
    const parts = [...new Set(contents)].filter((part) => part !== '' && part !== value);
    return [name, parts.length === 0 ? { value, secret: true } : { value, secret: true, parts }];
  });
  return new Map(entries);
}

function timeoutsOf(written: WrittenEnvironment['timeouts']): Timeouts {
  const { reach, pull, start, settle, drain, drainMax, soak } = { ...builtIn.timeouts, ...written };
  return {
    reach: duration(reach),
    pull: duration(pull),
    start: duration(start),
    settle: duration(settle),
    drain: duration(drain),
    drainMax: duration(drainMax),
    soak: duration(soak),
  };
}

const duration = (written: string): number => parseDuration(written) ?? 0;
