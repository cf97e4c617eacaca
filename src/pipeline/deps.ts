import type { Clock } from '../clock.js';
import type { Engine } from '../engine/contract.js';
import type { Events } from '../events.js';
import type { GitHost } from '../git/contract.js';
import type { Log } from '../log.js';
import type { Build, ReasonCode, RecordedDecision, Service, TriggerKind } from '../model.js';
import type { Registry } from '../registry/contract.js';
import type { Store } from '../store/contract.js';
import type { CentralRepository } from './accept/roles.js';
import type { Central } from './image/central.js';

/** Tells others; never fails the work that it tells of. */
export interface Report {
  decided(decisions: readonly RecordedDecision[]): void;
  changed(build: Build): void;
}

export interface PipelineMetrics {
  decided(code: ReasonCode, kind: TriggerKind): void;
  ended(build: Build): void;
}

/** Everything the pipeline works with. Functions give what a reload of the configuration may change. */
export interface PipelineDeps {
  readonly store: Store;
  readonly git: GitHost;
  readonly engine: Engine;
  readonly registry: Registry;
  readonly events: Events;
  readonly clock: Clock;
  readonly log: Log;
  readonly report: Report;
  readonly metrics: PipelineMetrics;
  readonly services: () => ReadonlyMap<string, Service>;
  readonly central: () => Central;
  /** The repository of the central dockerfiles; null where they are a local folder. */
  readonly centralDockerfiles: () => CentralRepository | null;
  /** `host[:port]` of the registry. */
  readonly registryHost: string;
  /** Address of a repository for people, as `org.opencontainers.image.source`. */
  readonly sourceUrl: (repository: string) => string;
  readonly dataDir: string;
}
