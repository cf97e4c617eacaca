import type { SpecOn } from '../../model/deployment.js';
import type { Environment } from '../../model/environment.js';
import type { Observations } from '../../pipeline/observe/contract.js';
import type { QueueDeps } from '../../queue/deps.js';
import type { Heads } from '../contract.js';
import type { ImageEntrypoint } from './image-entrypoint.js';

/** Functions return what a configuration reload may change. */
export interface DeployDeps extends QueueDeps {
  readonly environments: () => ReadonlyMap<string, Environment>;
  readonly observations: Observations;
  readonly heads: Heads;
  /** Hosts (`host` or `host:port`) that callbacks may be sent to. */
  readonly callbackHosts: () => readonly string[];
  readonly imageEntrypoint: ImageEntrypoint;
  readonly specOn: SpecOn;
  /** At least 0, less than 1. */
  readonly random: () => number;
}
