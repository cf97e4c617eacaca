import type { buildApp } from './app.js';
import type { Clock } from './clock.js';
import type { ReadConfig } from './config/reload.js';
import type { Engine } from './engine/contract.js';
import type { Events } from './events.js';
import type { GitHost } from './git/contract.js';
import type { Hosts } from './hosts/contract.js';
import type { Log } from './log.js';
import type { Reading } from './reading/reading.js';
import type { Registry } from './registry/contract.js';
import type { Readiness } from './server/contract.js';
import type { Store } from './store/contract.js';

/** What the outside world is; a test may replace git, the engine, the registry, the hosts and the reading threads. */
export interface Parts {
  readonly clock: Clock;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly random: () => number;
  readonly git?: GitHost;
  readonly engine?: Engine;
  readonly registry?: Registry;
  readonly hosts?: Hosts;
  readonly reading?: Reading;
  /** Folder of the mirrors. Default: below the data directory. */
  readonly mirrors?: string | undefined;
  /** Folder for sockets of tunnels. Two processes must not share it. Default: below the data directory, for the server. */
  readonly tunnels?: string;
  /** Folder of the built pages. Default: beside the compiled program. */
  readonly ui?: string;
}

export interface Slipway {
  readonly app: Awaited<ReturnType<typeof buildApp>>;
  readonly store: Store;
  readonly events: Events;
  readonly readiness: Readiness;
  /** Starts to look and build. */
  start(): Promise<void>;
  /** Applies another configuration, as far as a running server can. Resolves with whether it was applied. */
  reload(read: ReadConfig): Promise<boolean>;
  /** Starts no new build, gives running ones `grace` milliseconds, then puts them back in the queue. Resolves when everything is closed. */
  stop(grace: number): Promise<void>;
}

/** How long running builds may continue after SIGTERM: less than the ten seconds that Docker gives a container. */
export const GRACE_MS = 8_000;
