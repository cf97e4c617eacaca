import type { ErrorCode } from '../errors.js';
import type { Attempt } from '../model/build.js';
import type {
  AdoptedContainer,
  DeployedRelease,
  Deployment,
  DeploymentError,
  DeploymentKind,
  DeploymentStatus,
  DeploymentStep,
  Desired,
  HostProgress,
  KeptSpecification,
  NewDeployment,
  TurnedBack,
} from '../model/deployment.js';
import type { WaitedOut } from '../model/waiting-for.js';
import type { LogChunk, LogMark, LogPlace } from './log-contract.js';
import type { Page, PageRequest } from './query-contract.js';

export interface DeploymentQuery extends PageRequest {
  readonly service?: string;
  readonly environment?: string;
  readonly status?: DeploymentStatus;
}

/** What a running deployment learns. What is absent stays. */
export interface DeploymentProgress {
  readonly hosts?: readonly HostProgress[];
  readonly steps?: readonly DeploymentStep[];
  readonly warnings?: readonly string[];
  readonly waitedOut?: WaitedOut | null;
  /** Said before the balancer is changed for the first time. */
  readonly activeBefore?: readonly string[];
}

/** How a deployment ends. */
export type DeploymentEnd =
  | {
      readonly status: 'succeeded';
      /** What is desired from now on. `unchanged`: as before. `removed`: nothing. */
      readonly desired:
        | 'unchanged'
        | 'removed'
        | {
            readonly wanted: 'running' | 'stopped';
            readonly behind: readonly string[];
            /** What was found to run, which takes the place of the deployment's specification. Absent: that stays. */
            readonly specification?: KeptSpecification;
          };
      /** The release was verified. */
      readonly verified: boolean;
    }
  | {
      readonly status: 'failed' | 'rolled-back';
      readonly error: DeploymentError;
      /** Hosts that could not be brought back to what is desired, if any. */
      readonly behind?: readonly string[];
      /** The release is blocked here until a newer one, or `force`. */
      readonly blocks: boolean;
    }
  | {
      readonly status: 'canceled' | 'rolled-back' | 'superseded';
      readonly error: null;
      readonly behind?: readonly string[];
    };

/** What became of a release in an environment. */
export interface Verdict {
  /** `unknown`: somebody rolled back from it before it was verified. */
  readonly verdict: 'verified' | 'failed' | 'unknown';
  readonly blocked: boolean;
  readonly code: ErrorCode | null;
  readonly at: number;
  readonly deploymentId: string;
}

/** A service in an environment. */
export interface PairOf {
  readonly environment: string;
  readonly service: string;
}

/** How a service stands in an environment. */
export interface Standing extends PairOf {
  /** Who asked for what is desired there. Null: nothing is. */
  readonly desiredBy: string | null;
  /** Releases of the branch's heads that are newer than what is desired. Null: nothing is, it is lost, or it is of a git tag. */
  readonly newer: number | null;
  /** The newest deployment. */
  readonly last: {
    readonly id: string;
    readonly kind: DeploymentKind;
    readonly status: DeploymentStatus;
    readonly by: string;
    /** When it was asked for. */
    readonly at: number;
    /** What it brings. Null: not known yet, or there is nothing to bring. */
    readonly release: Pick<DeployedRelease, 'number' | 'tag'> | null;
    /** That release is blocked there. */
    readonly blocked: boolean;
  };
}

/**
 * Deployments, what they made desired, and what became of releases. Order of calls for one deployment: `add`, `claim`, then any of
 * `progress`, `owned`, `turnBack`, `log`, then `finish` or `putBack`. The database guarantees that a service has one running deployment in
 * an environment at most.
 *
 * A worker names the attempt that it runs in each call, as for builds (see `Queue`). A lost attempt changes nothing, and its call resolves
 * with false.
 */
export interface Deployments {
  /**
   * Stores a pending deployment. Supersedes pending ones of the pair: those of Slipway itself, and those of persons only if a person asks.
   * One that has begun may have changed hosts, so it is not superseded here: it is due at once, for its worker to end it. One that
   * waits at its gate is superseded (see `Deployment.turnedBack`), and its worker ends it. A rollback asks all that have begun to cancel. `onlyIfDesired`: stores nothing, and resolves with null, unless the deployment of that id
   * is the one that is desired (null: nothing is).
   */
  add(
    deployment: NewDeployment,
    now: number,
    onlyIfDesired?: { readonly deploymentId: string | null },
  ): Promise<{ readonly deployment: Deployment; readonly superseded: readonly string[] } | null>;
  get(id: string): Promise<Deployment | null>;
  page(query: DeploymentQuery): Promise<Page<Deployment>>;
  /** Those that are pending or running, rollbacks first, then the oldest first. */
  unfinished(): Promise<readonly Deployment[]>;
  /** Null: it waits for a build, or there is no such deployment. */
  specification(id: string): Promise<KeptSpecification | null>;
  /** A deployment that waited for its build has its release and warnings. False if it is not pending any more. */
  released(
    id: string,
    release: DeployedRelease,
    specification: KeptSpecification,
    warnings: readonly string[],
  ): Promise<boolean>;
  /** Keeps a pending deployment until a time. */
  postpone(id: string, notBefore: number, waitedOut: WaitedOut | null): Promise<void>;
  /**
   * Makes a pending deployment that has a specification a new attempt of the worker, if that has a lease and the pair has no running one.
   * Null otherwise.
   */
  claim(id: string, worker: string, now: number): Promise<Deployment | null>;
  /** Milliseconds until the lease of the attempt's worker runs out. 0: it has run out, or the attempt is lost. */
  owned(attempt: Attempt): Promise<number>;
  progress(attempt: Attempt, progress: DeploymentProgress): Promise<boolean>;
  /** From now on it goes back; see `Deployment.turnedBack`. */
  turnBack(attempt: Attempt, why: TurnedBack, error: DeploymentError | null): Promise<boolean>;
  /**
   * Notes that it waits at its gate. `pending`: the attempt ends, and the next one goes on once the gate is open. If a newer one that may
   * take its place waits already, it is superseded: see `add`.
   */
  waitAtGate(attempt: Attempt, as: 'pending' | 'running'): Promise<boolean>;
  /** Notes that it goes on. False also if it was superseded or is to be canceled: then it does not. */
  passGate(attempt: Attempt): Promise<boolean>;
  /**
   * Adds an approval, or renews that of the same token. `too-early`: its release is not known, so nobody can approve of it. Null if there is
   * no such deployment.
   */
  approve(id: string, by: string, now: number): Promise<'approved' | 'too-early' | 'already-ended' | null>;
  /** Remembers containers of somebody else before they are stopped, or those that an `adopt` takes. */
  adopts(attempt: Attempt, adopted: readonly AdoptedContainer[]): Promise<boolean>;
  adopted(id: string): Promise<readonly AdoptedContainer[]>;
  /** Ids of the containers that deployments of kind `adopt` took. */
  taken(): Promise<readonly string[]>;
  /**
   * Ends a running deployment with its verdict and what is desired, all or nothing. What a `deployment`, `rollback` or `adopt` makes desired
   * is its own release and specification. Every other kind changes `wanted` and `behind` only: release, deployment and `since` stay. A
   * rollback that succeeds blocks what it leaves: what was desired, and the release of the deployment that it canceled.
   */
  finish(attempt: Attempt, end: DeploymentEnd, now: number): Promise<boolean>;
  /** Makes a running deployment pending again, because the server stops or its error passes. */
  putBack(attempt: Attempt, notBefore: number, waitedOut: WaitedOut | null): Promise<boolean>;
  /** Ends a pending one with `canceled` or with an error. False if it is not pending any more. */
  end(id: string, error: DeploymentError | null, now: number): Promise<boolean>;
  /** Ends one that has not begun at once; marks any other, which is then due at once. Null if there is none. */
  cancel(id: string, now: number): Promise<'canceled' | 'requested' | 'already-ended' | null>;
  /** Appends text to its log. False if the attempt is lost. */
  log(attempt: Attempt, text: string, mark?: LogMark): Promise<LogPlace | false>;
  /** As `Logs.read`. */
  readLog(id: string, from: number): Promise<{ readonly text: string; readonly next: number }>;
  /** As `Logs.chunks`. */
  logChunks(id: string, from: number): Promise<readonly LogChunk[]>;
  /** What should run of the pair. */
  desired(environment: string, service: string): Promise<Desired | null>;
  /** Of one environment, or of all, by environment and service. */
  allDesired(environment?: string): Promise<readonly Desired[]>;
  /** Takes hosts off `Desired.behind`. */
  caughtUp(environment: string, service: string, hosts: readonly string[]): Promise<void>;
  /** Of those pairs that had a deployment. */
  standings(pairs: readonly PairOf[]): Promise<readonly Standing[]>;
  /**
   * The numbers of the releases that were desired before the present one, the newest first, without those that were left by a rollback.
   * Verified and not blocked ones only, and each once.
   */
  before(environment: string, service: string): Promise<readonly number[]>;
  /** What became of the releases of a service, by environment and number. */
  verdicts(service: string, numbers: readonly number[]): Promise<ReadonlyMap<string, ReadonlyMap<number, Verdict>>>;
  /** The newest deployment of the pair for one of these releases. */
  newestOf(environment: string, service: string, numbers: readonly number[]): Promise<Deployment | null>;
}
