import type { Where } from '../decide/where.js';
import type { BaseEdge } from '../model/base-edge.js';
import type { Build } from '../model/build.js';
import type { Decision } from '../model/decision.js';
import type { Deployment } from '../model/deployment.js';
import type { Service } from '../model/service.js';
import type { Delivery } from '../model/delivery.js';
import type { Desired } from '../model/deployment.js';
import type { Environment } from '../model/environment.js';
import type { WaitingFor } from '../model/waiting-for.js';
import type { Warning } from '../model/warning.js';
import type { ReceivedFile } from '../pipeline/accept/contract.js';
import type { Difference } from '../run-file/diff.js';

export interface RebuildRequest {
  readonly service: string;
  readonly branch: string | null;
  readonly commit: string | null;
  readonly noCache: boolean;
  readonly by: string;
}

/** Jenkins' call. `artifact` is an upload that is already complete below the data directory. */
export interface BuildCall {
  readonly service: string;
  readonly branch: string | null;
  readonly commit: string | null;
  readonly version: string | null;
  readonly callbackUrl: string | null;
  readonly artifact: ReceivedFile | null;
  readonly idempotencyKey: string | null;
  readonly by: string;
}

/** A look that somebody asks for. `branch` null: every known branch. */
export interface LookCall {
  readonly repository: string;
  readonly branch: string | null;
  readonly by: string;
}

export interface Announced {
  readonly deliveryId: string;
  /** Services that may be built because of it. */
  readonly services: readonly string[];
}

export interface PlanCall {
  readonly repository: string;
  readonly branch: string;
  readonly base: string | null;
  readonly head: string | null;
}

/** What the effective run file is asked of. `release` null: the newest of the service. */
export interface ComposeCall {
  readonly service: string;
  readonly release: number | null;
  readonly environment: string;
}

export interface Plan {
  readonly decisions: readonly Decision[];
  readonly warnings: readonly Warning[];
}

/** Services and the images that they stand on, at the heads of their branches. */
export interface ServiceGraph {
  /** Bases before what stands on them. */
  readonly services: readonly Pick<Service, 'name' | 'repository' | 'image' | 'cascade'>[];
  readonly edges: readonly BaseEdge[];
  /** Each in full, e.g. `['a (main)', 'b (main)', 'a (main)']`. The cascade does not follow them. */
  readonly cycles: readonly (readonly string[])[];
  /** What could not be read, and why. */
  readonly faults: readonly { readonly service: string; readonly branch: string | null; readonly message: string }[];
}

/**
 * What the pipeline does on request. `key`: the call's Idempotency-Key. A call that comes again with its key is answered as before;
 * `idempotency-conflict` if it asks for something else.
 */
export interface Operations {
  /** `unknown-service`, `branch-required`, `unknown-revision`. */
  rebuild(request: RebuildRequest, key?: string | null): Promise<Build>;
  /** `unknown-repository`. */
  look(call: LookCall, key?: string | null): Promise<Announced>;
  /** `unknown-service`, `branch-required`, `unknown-revision`, `artifact-unexpected`, `callback-not-allowed`, `idempotency-conflict`. */
  call(
    call: BuildCall,
  ): Promise<{ readonly build: Build } | { readonly decision: Decision & { readonly buildId: string | null } }>;
  /** `unknown-repository`, `unknown-revision`. */
  plan(call: PlanCall): Promise<Plan>;
  graph(): Promise<ServiceGraph>;
  /**
   * The effective run file as YAML. `unknown-service`, `unknown-environment`, `service-not-in-environment`, `unknown-release`, `no-release`;
   * `run-file-invalid`, `run-file-not-allowed` and `variable-missing` have all `faults`.
   */
  compose(call: ComposeCall): Promise<string>;
  /** `unknown-build`, `build-finished`. */
  cancel(id: string, by: string): Promise<Build>;
  /** `unknown-build`, `build-unfinished`. */
  retry(id: string, by: string, key?: string | null): Promise<Build>;
  /** `unknown-delivery`. */
  replay(id: string, by: string, key?: string | null): Promise<void>;
}

/** Heads of branches and git tags (`refs/tags/NAME`). The store has those of the newest decisions; these are the git host's. */
export interface Heads {
  /**
   * Branch → commit. Null: the host was asked and has no such branch. Absent: not known, because the host does not answer or, with `shown`,
   * was not asked since the start. `now` asks it once; `shown` is what it showed last. Never fails.
   */
  of(
    service: Service,
    branches: readonly string[],
    when?: 'now' | 'shown',
  ): Promise<ReadonlyMap<string, string | null>>;
}

export interface ServiceLogCall {
  readonly environment: Environment;
  readonly service: string;
  /** Null: each of the environment. */
  readonly host: string | null;
  /** Last lines of each host, at most 10,000. */
  readonly tail: number;
  readonly follow: boolean;
}

/** What containers of services write. */
export interface ServiceLogs {
  /**
   * Lines such as `a | text`, without secrets and control characters. Host by host; with `follow` as they come, until the signal aborts, also
   * over replacements. A host that is away has a line that says so; if it is the one that was named, it fails with `host-unreachable`.
   */
  open(call: ServiceLogCall, signal: AbortSignal): Promise<AsyncIterable<string>>;
}

/** Settings that have changed since the release that is desired was deployed. They take effect with the next deployment. */
export interface PendingChanges {
  /**
   * The fields that differ; `from` now, `to` then. A fault of the run file is one too, by its code. None if the service is not deployed there
   * by the configuration. Fails as the store does.
   */
  of(desired: Desired): Promise<readonly Difference[]>;
  /** How many fields, of everything that is desired. */
  counts(): Promise<readonly { readonly environment: string; readonly service: string; readonly count: number }[]>;
}

/** Exactly one of `commit`, in full or its beginning, and `version`. */
export interface WhereCall {
  readonly service: Service;
  readonly commit: string | null;
  readonly version: string | null;
}

/** Whether a commit runs in an environment. */
export interface WhereAnswer extends Where {
  readonly environment: string;
  /** Milliseconds since the epoch. Null: it does not run. */
  readonly since: number | null;
  /** The release that runs, or the one that was deployed last with the commit. */
  readonly release: number | null;
}

/** What is known of a build that may wait. */
export type WaitingBuild = Pick<Build, 'id' | 'service' | 'status' | 'attempt' | 'waitedOut' | 'notBefore'>;

/** What waits, by id. What is not among them waits for nothing. */
export interface Waiting {
  ofBuilds(builds: readonly WaitingBuild[]): Promise<ReadonlyMap<string, WaitingFor>>;
  /** Places in the line of queued builds, from 1: those that may begin now in their order, then the others by age. */
  positions(builds: readonly WaitingBuild[]): Promise<ReadonlyMap<string, number>>;
  ofDeliveries(deliveries: readonly Delivery[]): Promise<ReadonlyMap<string, WaitingFor>>;
  ofDeployments(deployments: readonly Deployment[]): Promise<ReadonlyMap<string, WaitingFor>>;
}
