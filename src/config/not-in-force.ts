import type { Environment } from '../model/environment.js';
import type { Config, Fault } from './config.js';
import { placeOf } from './describe.js';

/**
 * Settings that are read and checked and that nothing acts on yet. Remove a row when something does; the last one takes this file with it.
 */
const settings: Readonly<Record<string, (config: Config) => boolean>> = {
  'registry.pull': ({ registry }) => registry.pull !== null,
};

/** Likewise, of each environment. */
const settingsOfEnvironments: Readonly<Record<string, (environment: Environment) => boolean>> = {
  strategy: ({ strategy }) => strategy === 'blue-green',
  balancer: ({ balancer }) => balancer !== null,
  window: ({ window }) => window.length > 0,
  approvals: ({ approvals }) => approvals > 0,
  requires: ({ requires }) => requires !== null,
  follow: ({ follow }) => follow !== null,
};

const message = 'is read and checked, but not in force yet';
const onlyLookedAt = 'is looked at, but nothing is deployed there yet';

/** A warning for each setting that has no effect yet, at its place. Defaults have none. */
export function notInForce(config: Config): Fault[] {
  const looked = config.environments.size > 0 ? [{ path: 'environments', message: onlyLookedAt }] : [];
  const general = Object.entries(settings).flatMap(([path, isSet]) => (isSet(config) ? [{ path, message }] : []));
  const each = [...config.environments.values()].flatMap((environment) =>
    Object.entries(settingsOfEnvironments).flatMap(([key, isSet]) =>
      isSet(environment) ? [{ path: `${placeOf('environments', environment.name)}.${key}`, message }] : [],
    ),
  );
  return [...looked, ...general, ...each];
}
