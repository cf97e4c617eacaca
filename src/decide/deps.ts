import type { Clock } from '../clock.js';
import type { Engine } from '../engine/contract.js';
import type { Events } from '../events.js';
import type { GitHost } from '../git/contract.js';
import type { Log } from '../log.js';
import type { Metrics } from '../pipeline/report/metrics.js';
import type { Service } from '../model/service.js';
import type { Registry } from '../registry/contract.js';
import type { Store } from '../store/contract.js';
import type { Refusals } from '../pipeline/accept/refusals.js';
import type { CentralRepository } from '../pipeline/look/roles.js';
import type { DriftMemory } from '../pipeline/look/drift-memory.js';
import type { Pace } from '../pipeline/look/pace.js';
import type { Central } from '../image/packaging/central.js';
import type { Reading } from '../reading/reading.js';
import type { Reporter } from '../pipeline/report/reporter.js';

/** Everything the pipeline works with. Functions give what a reload of the configuration may change. */
export interface PipelineDeps {
  readonly store: Store;
  readonly git: GitHost;
  readonly engine: Engine;
  readonly registry: Registry;
  readonly reading: Reading;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
  /** Tells others; never fails the work that it tells of. */
  readonly report: Pick<Reporter, 'decided' | 'changed'>;
  readonly metrics: Pick<Metrics, 'decision' | 'build' | 'sweepRecovered' | 'setAside'>;
  readonly services: () => ReadonlyMap<string, Service>;
  readonly central: () => Central;
  /** The repository of the central dockerfiles; null where they are a local folder. */
  readonly centralDockerfiles: () => CentralRepository | null;
  /** Webhook requests that were refused. */
  readonly refusals: Refusals;
  /** Names of the frontend images that a Dockerfile may ask for. */
  readonly frontends: () => readonly string[];
  /** `host[:port]` of the registry. */
  readonly registryHost: string;
  /** Address of a repository for people, as `org.opencontainers.image.source`. */
  readonly sourceUrl: (repository: string) => string;
  readonly dataDir: string;
  readonly drift: DriftMemory;
  readonly pace: Pace;
}
