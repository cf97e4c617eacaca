import type { Config, Fault } from './config.js';
import { placeOf } from './describe.js';

/** A warning for each setting that is no fault and that people may regret, at its place. */
export function settingWarnings(config: Config): Fault[] {
  return [...config.environments.values()].flatMap(({ name, balancer }) =>
    balancer?.kind === 'haproxy' && balancer.stateFile === null
      ? [{ path: `${placeOf('environments', name)}.balancer.haproxy`, message: withoutStateFile }]
      : [],
  );
}

const withoutStateFile = 'has no `stateFile`, so a reload of HAProxy undoes a switch';
