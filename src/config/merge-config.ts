import { Secret } from '../secret.js';
import type { Config } from './config.js';

export interface ConfigChange {
  /** What is in force from now on. */
  readonly config: Config;
  /** Services that are new, or of which any setting differs. */
  readonly changedServices: readonly string[];
  readonly goneServices: readonly string[];
  /** Settings that differ and are taken with the next start only, e.g. `server.dataDir`. */
  readonly needRestart: readonly string[];
}

/** What is built into connections, folders and addresses at the start. */
const fixed: readonly string[] = [
  'server.host',
  'server.port',
  'server.publicUrl',
  'server.dataDir',
  'database',
  'github.cloneUrl',
  'github.token',
  'github.apiUrl',
  'git.shortcut',
  'registry.host',
  'registry.username',
  'registry.password',
  'registry.insecure',
  'engine.host',
  'engine.tls',
  'dockerfiles',
];

/** A new configuration over the one in force: what a running server can take, and what it cannot. Pure. */
export function mergeConfig(current: Config, next: Config): ConfigChange {
  const { services } = next;
  return {
    config: {
      ...next,
      server: current.server,
      database: current.database,
      github: { ...current.github, webhookSecrets: next.github.webhookSecrets },
      git: current.git,
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

/** Equal values, equal texts. A compiled pattern is told by its text; a secret by its value, which is why this text is never shown. */
function identity(value: unknown): string {
  return JSON.stringify(value, function (this: unknown, key, item: unknown) {
    // `item` is what a secret shows of itself.
    const original = isRecord(this) ? this[key] : item;
    return original instanceof Secret ? original.reveal() : item;
  });
}
