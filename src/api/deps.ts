import type { AccessToken } from '../access.js';
import type { Clock } from '../clock.js';
import type { Events } from '../events.js';
import type { Log } from '../log.js';
import type { SpecOn } from '../model/deployment.js';
import type { Environment } from '../model/environment.js';
import type { Service } from '../model/service.js';
import type {
  Heads,
  Operations,
  PendingChanges,
  ServiceLogs,
  Waiting,
  WhereAnswer,
  WhereCall,
} from '../operations/contract.js';
import type { System } from '../operations/system/contract.js';
import type { Overview } from '../operations/overview/contract.js';
import type { Why } from '../operations/why/contract.js';
import type { ArtifactFiles, WebhookReader } from '../pipeline/accept/contract.js';
import type { Deploying } from '../operations/deploy/contract.js';
import type { Restless } from '../pipeline/deploy/restless.js';
import type { Balanced } from '../pipeline/observe/balanced.js';
import type { Observations } from '../pipeline/observe/contract.js';
import type { Readiness } from '../server/contract.js';
import type { Secret } from '../secret.js';
import type { Store } from '../store/contract.js';
import type { Tracer } from '../tracer.js';
import type { HttpLimits } from './limits.js';

export interface ApiDeps {
  readonly services: () => ReadonlyMap<string, Service>;
  readonly environments: () => ReadonlyMap<string, Environment>;
  readonly observations: Observations;
  readonly balanced: Balanced;
  readonly restless: Pick<Restless, 'of'>;
  readonly tokens: () => readonly AccessToken[];
  readonly anonymousRead: () => boolean;
  readonly metrics: () => 'open' | 'token';
  /** Where people reach this server. */
  readonly publicUrl: string | null;
  /** 32 bytes that seal the cookies of browsers. */
  readonly sessionKey: Secret<Buffer>;
  /** Folder of the built pages. Null: none. */
  readonly ui: string | null;
  readonly artifactLimit: () => number;
  readonly store: Store;
  readonly events: Events;
  readonly operations: Operations;
  readonly deploying: Deploying;
  readonly webhooks: WebhookReader;
  readonly artifacts: ArtifactFiles;
  readonly readiness: Readiness;
  readonly heads: Heads;
  readonly specOn: SpecOn;
  readonly serviceLogs: ServiceLogs;
  readonly pending: PendingChanges;
  /** `invalid-request`, `unknown-commit`, and the codes of the git host. */
  readonly whereRuns: (call: WhereCall) => Promise<readonly WhereAnswer[]>;
  readonly why: Why;
  readonly waiting: Waiting;
  readonly overview: Overview;
  readonly system: System;
  /** The one fetched commit of the service's repository with that abbreviated id. Null if there is none or several. */
  readonly findCommit: (service: Service, abbreviated: string) => Promise<string | null>;
  /** Prometheus text. */
  readonly renderMetrics: () => Promise<string>;
  /** Called with the answer to each webhook request: `accepted`, `duplicate`, `pong`, `ignored` or an error code. */
  readonly onWebhook?: (status: string) => void;
  /** Called when a webhook request arrives. Returns a function to call when it is answered. */
  readonly enterWebhook?: () => () => void;
  /** Undefined: nothing is traced. */
  readonly tracer?: Tracer;
  readonly clock: Clock;
  /** Overrides of the defaults. */
  readonly limits?: Partial<HttpLimits>;
  readonly log: Log;
  /** Aborts when the server drains: open waits, follows and event streams end. */
  readonly stopping: AbortSignal;
}
