import type { Config } from './config.js';
import { mergeConfig, type ConfigChange } from './merge-config.js';

/** The configuration in force. It may change, so call `current` each time. */
export interface LiveConfig {
  current(): Config;
  /** Replaces the whole configuration, except settings that need a restart. */
  replace(next: Config): ConfigChange;
}

export function createLiveConfig(initial: Config): LiveConfig {
  let config = initial;
  return {
    current: () => config,
    replace(next) {
      const change = mergeConfig(config, next);
      config = change.config;
      return change;
    },
  };
}
