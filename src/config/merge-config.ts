import { Secret } from '../secret.js';
import type { Service } from '../model/service.js';
import type { Config } from './config.js';

export interface ConfigChange {
  /** The configuration in force from now on. */
  readonly config: Config;
  /** Services that are new or have changed settings, other than `deploy`, which starts nothing. */
  readonly changedServices: readonly string[];
  readonly goneServices: readonly string[];
  /** Changed settings that need a restart, e.g. `server.dataDir`. */
  readonly needRestart: readonly string[];
}

/** A new configuration over the one in force: what a running server can take, and what it cannot. Pure. */
export function mergeConfig(current: Config, next: Config): ConfigChange {
  const { services } = next;
  const config: Config = {
    ...next,
    server: current.server,
    database: current.database,
    github: {
      ...current.github,
      webhookSecrets: next.github.webhookSecrets,
      statuses: next.github.statuses,
      pullRequests: next.github.pullRequests,
    },
    git: current.git,
    registry: { ...current.registry, pull: next.registry.pull },
    engine: { ...next.engine, host: current.engine.host, tls: current.engine.tls },
    dockerfiles: current.dockerfiles,
  };
  return {
    config,
    changedServices: [...services.keys()].filter(
      (name) => !same(withoutDeploy(services.get(name)), withoutDeploy(current.services.get(name))),
    ),
    goneServices: [...current.services.keys()].filter((name) => !services.has(name)),
    needRestart: [...new Set(differences(config, next).map(asWritten))],
  };
}

const withoutDeploy = (service: Service | undefined) => service && { ...service, deploy: null };

/** Places of the settings that differ, e.g. `server.port`. Services are left out. */
function differences(
  { services: _mine, ...config }: Config,
  { services: _theirs, ...next }: Config,
): readonly string[] {
  const others = new Map<string, unknown>(Object.entries(next));
  return Object.entries<unknown>(config).flatMap(([section, mine]) => {
    const theirs = others.get(section);
    if (!isRecord(mine) || !isRecord(theirs)) return same(mine, theirs) ? [] : [section];
    const keys = new Set([...Object.keys(mine), ...Object.keys(theirs)]);
    return [...keys].filter((key) => !same(mine[key], theirs[key])).map((key) => `${section}.${key}`);
  });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function asWritten(place: string): string {
  if (/^server\.(host|port)$/.test(place)) return 'server.listen';
  return place.startsWith('dockerfiles.') ? 'dockerfiles' : place;
}

function same(a: unknown, b: unknown): boolean {
  return identity(a) === identity(b);
}

/**
 * Equal values give equal texts. A pattern is compared by its text, a secret by its value, a map by its entries in their order. This text
 * must never be shown.
 */
function identity(value: unknown): string {
  return JSON.stringify(value, function (this: unknown, key, item: unknown) {
    // `item` is the masked form of a secret.
    const original = isRecord(this) ? this[key] : item;
    const shown: unknown = original instanceof Secret ? original.reveal() : item;
    return shown instanceof Map ? [...(shown as ReadonlyMap<unknown, unknown>)] : shown;
  });
}
