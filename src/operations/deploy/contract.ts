import type { Drift } from '../../model/observation.js';
import type { ClosedGate } from '../../decide/gates.js';
import type { Deployment } from '../../model/deployment.js';
import type { Hold } from '../../model/hold.js';
import type { Origin } from '../../model/parameters.js';
import type { RunFileFault } from '../../model/run-file.js';

/** What is asked for: exactly one of these is set. */
export interface DeployTarget {
  /** The newest release of the branch that covers its head. */
  readonly branch: string | null;
  /** The newest release that covers the commit, whose id may be abbreviated. */
  readonly commit: string | null;
  /** A version tag or git tag of an image, with or without `-rN`. */
  readonly version: string | null;
  readonly release: number | null;
  /** An environment: what is desired there. */
  readonly from: string | null;
}

/** What a plan is asked of. */
export interface DeploymentPlanCall {
  readonly service: string;
  readonly environment: string;
  readonly target: DeployTarget;
  /** Deploy a release although it is blocked. */
  readonly force: boolean;
}

/** The ticket. */
export interface DeployCall extends DeploymentPlanCall {
  readonly reference: string | null;
  readonly reason: string | null;
  /** Containers of somebody else whose ports it may take. */
  readonly adopt: readonly string[];
  readonly callbackUrl: string | null;
  readonly by: string;
}

interface AnyAct {
  readonly service: string;
  readonly environment: string;
  readonly by: string;
}

/** What is done with what is desired. */
export type ActCall = AnyAct &
  (
    | { readonly act: 'restart' | 'stop' | 'start' | 'remove' }
    | { readonly act: 'adopt'; readonly force: boolean }
    /** `release` null: what was desired before. */
    | { readonly act: 'rollback'; readonly release: number | null; readonly useKept: boolean }
  );

/** A way back that is only asked about. */
export type RollbackPlanCall = Omit<ActCall & { readonly act: 'rollback' }, 'act' | 'by'>;

/** A parameter that changes. Null: it is not set. */
export interface PlannedParameter {
  /** As in `Difference`. */
  readonly name: string;
  readonly from: string | null;
  readonly to: string | null;
  /** Where `to` comes from. Null: it is not set any more, or it is as it was kept. */
  readonly origin: Origin | null;
  /** True: neither value is shown. */
  readonly secret: boolean;
}

export interface PlannedHost {
  readonly host: string;
  /** `unknown`: the host is not reachable, or there is nothing to create a container from. */
  readonly action: 'none' | 'create' | 'replace' | 'unknown';
  /** By digest. */
  readonly image: { readonly from: string | null; readonly to: string | null };
  /** Those that differ from what runs; all that are set if nothing runs. */
  readonly parameters: readonly PlannedParameter[];
  /** Of the last replacement. Null: none was measured. */
  readonly interruptionSeconds: number | null;
}

export interface ReleasedCommit {
  readonly commit: string;
  /** First line of its message. */
  readonly subject: string;
  /** Committer time, milliseconds since the epoch. */
  readonly at: number;
}

/** What a deployment would do. Made of what is known: no host is asked. */
export interface DeploymentPlan {
  readonly service: string;
  readonly environment: string;
  /** Number of the release. */
  readonly release: number;
  /** Commit of the run file. Null for a local folder, and without a run file. */
  readonly runFileCommit: string | null;
  readonly hosts: readonly PlannedHost[];
  /** Those that come with the release, newest first. */
  readonly commits: readonly ReleasedCommit[];
  /** Those that would hold it back now. */
  readonly gates: readonly ClosedGate[];
  /** How what runs differs from what is desired now. */
  readonly drift: readonly (Drift & { readonly host: string })[];
  readonly warnings: readonly string[];
  /** Of the run file. Not empty: nothing can be deployed. */
  readonly faults: readonly RunFileFault[];
  /** Number of the release that a rollback would go to. */
  readonly rollbackTo: number | null;
}

/** Who retries a deployment, and why. Null: as it was asked for before. Acts have neither ticket nor reason. */
export interface RetryCall {
  readonly by: string;
  readonly force: boolean;
  readonly reference: string | null;
  readonly reason: string | null;
}

/** What people and Jenkins may ask of deployments. `key`: the call's Idempotency-Key; see `Operations`. */
export interface Deploying {
  /**
   * `invalid-request`, `unknown-service`, `unknown-environment`, `service-not-in-environment`, `unknown-release`, `unknown-revision`,
   * `no-release`, `release-blocked`, `release-not-verified`, `callback-not-allowed`, and the codes of run files with all `faults`.
   */
  deploy(call: DeployCall, key: string | null): Promise<Deployment>;
  /** As `deploy`, except that faults of the run file are part of the answer. Records nothing. */
  plan(call: DeploymentPlanCall): Promise<DeploymentPlan>;
  /** As `act` with a rollback, except that faults of the run file are part of the answer. Records nothing. */
  planRollback(call: RollbackPlanCall): Promise<DeploymentPlan>;
  /** `unknown-service`, `unknown-environment`, `service-not-in-environment`, `no-release`, `unknown-release`, `rollback-impossible`. */
  act(call: ActCall, key: string | null): Promise<Deployment>;
  /** `unknown-deployment`, `deployment-finished`. */
  cancel(id: string, by: string): Promise<Deployment>;
  /** `unknown-deployment`, `deployment-finished`, `approval-by-requester`. */
  approve(id: string, by: string): Promise<Deployment>;
  /** `unknown-environment`, `invalid-request`. */
  hold(asked: Hold): Promise<Hold>;
  /** `unknown-environment`. */
  liftHold(environment: string, by: string): Promise<void>;
  /** The same again, with today's settings. `unknown-deployment`, `deployment-in-progress`, and what `deploy` and `act` fail with. */
  retry(id: string, call: RetryCall, key: string | null): Promise<Deployment>;
}
