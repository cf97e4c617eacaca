import { Secret } from '../secret.js';
import type { Config } from './config.js';

export interface ConfigChange {
  /** The configuration in force from now on. */
  readonly config: Config;
  /** Services that are new or have changed settings. */
  readonly changedServices: readonly string[];
  readonly goneServices: readonly string[];
  /** Changed settings that need a restart, e.g. `server.dataDir`. */
  readonly needRestart: readonly string[];
}

/** Settings that connections, folders and addresses are built from at the start. */
const fixed: readonly string[] = [
  'server.host',
  'server.port',
  'server.publicUrl',
  'server.dataDir',
  'database',
  'github.cloneUrl',
  'github.token',
  'github.apiUrl',
  'registry.host',
  'registry.username',
  'registry.password',
  'registry.insecure',
  'engine.host',
  'engine.tls',
  'dockerfiles',
];

/** Merges a new configuration into the one in force: what a running server can apply, and what it cannot. Pure. */
export function mergeConfig(current: Config, next: Config): ConfigChange {
  const { services } = next;
  return {
    config: {
      ...next,
      server: current.server,
      database: current.database,
      github: { ...current.github, webhookSecrets: next.github.webhookSecrets },
      registry: current.registry,
      engine: { ...next.engine, host: current.engine.host, tls: current.engine.tls },
      dockerfiles: current.dockerfiles,
    },
    changedServices: [...services.keys()].filter((name) => !same(services.get(name), current.services.get(name))),
    goneServices: [...current.services.keys()].filter((name) => !services.has(name)),
    needRestart: [...new Set(fixed.filter((place) => !same(at(current, place), at(next, place))).map(asWritten))],
  };
}

function at(config: Config, place: string): unknown {
  return place.split('.').reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), config);
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const asWritten = (place: string): string => (/^server\.(host|port)$/.test(place) ? 'server.listen' : place);

function same(a: unknown, b: unknown): boolean {
  return identity(a) === identity(b);
}

/** Equal values give equal texts. A pattern is compared by its text, a secret by its value, so this text must never be shown. */
function identity(value: unknown): string {
  return JSON.stringify(value, function (this: unknown, key, item: unknown) {
    // `item` is the masked form of a secret.
    const original = isRecord(this) ? this[key] : item;
    return original instanceof Secret ? original.reveal() : item;
  });
}
