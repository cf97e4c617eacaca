import type { Config, Fault } from './config.js';
import { mergeConfig, type ConfigChange } from './merge-config.js';

/** A changed file that was read and not taken. */
export interface RefusedConfig {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly faults: readonly Fault[];
}

/** The configuration in force. It may change, so call `current` each time. */
export interface LiveConfig {
  current(): Config;
  /** Replaces the whole configuration, except settings that need a restart. */
  replace(next: Config): ConfigChange;
  /** Remembers a file with faults. */
  refuse(refused: RefusedConfig): void;
  /** The last file, if it was refused. Null: it is in force. */
  refused(): RefusedConfig | null;
}

export function createLiveConfig(initial: Config): LiveConfig {
  let config = initial;
  let refused: RefusedConfig | null = null;
  return {
    current: () => config,
    replace(next) {
      const change = mergeConfig(config, next);
      config = change.config;
      refused = null;
      return change;
    },
    refuse(found) {
      refused = found;
    },
    refused: () => refused,
  };
}
