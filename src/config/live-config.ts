import type { Config } from './config.js';
import { mergeConfig, type ConfigChange } from './merge-config.js';

/** The configuration in force. Whoever keeps a value of it keeps an old one: ask `current` each time. */
export interface LiveConfig {
  current(): Config;
  /** Swaps the configuration whole, less what needs a restart. */
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
