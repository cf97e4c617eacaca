import type { Environment } from '../model/environment.js';
import type { Config, Fault } from './config.js';
import { placeOf } from './describe.js';

/**
 * Settings of an environment that are read and checked and that nothing acts on yet. Remove a row when something does; the last one takes
 * this file with it.
 */
const settingsOfEnvironments: Readonly<Record<string, (environment: Environment) => boolean>> = {
  strategy: ({ strategy }) => strategy === 'blue-green',
  balancer: ({ balancer }) => balancer !== null,
  window: ({ window }) => window.length > 0,
  approvals: ({ approvals }) => approvals > 0,
};

const message = 'is read and checked, but not in force yet';

/** A warning for each setting that has no effect yet, at its place. Defaults have none. */
export function notInForce(config: Config): Fault[] {
  return [...config.environments.values()].flatMap((environment) =>
    Object.entries(settingsOfEnvironments).flatMap(([key, isSet]) =>
      isSet(environment) ? [{ path: `${placeOf('environments', environment.name)}.${key}`, message }] : [],
    ),
  );
}
