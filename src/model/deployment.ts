import type { Blame, ErrorCode } from '../errors.js';
import type { Parameters, RestartPolicy } from './parameters.js';
import type { RunFileFault, Verify } from './run-file.js';
import type { WaitedOut } from './waiting-for.js';

/** What is asked for. `repair` is Slipway's own: what should run does not. */
export type DeploymentKind = 'deployment' | 'rollback' | 'repair' | 'restart' | 'stop' | 'start' | 'adopt';

/**
 * `failed`: nothing that users reached was replaced, or there was nothing to go back to. `rolled-back`: something was replaced, and what ran
 * before runs again.
 */
export type DeploymentStatus = (typeof deploymentStatuses)[number];

export const endedStatuses = ['succeeded', 'failed', 'rolled-back', 'canceled', 'superseded'] as const;

export const deploymentStatuses = ['pending', 'running', ...endedStatuses] as const;

/** A release as a deployment shows it. */
export interface DeployedRelease {
  readonly number: number;
  readonly branch: string;
  readonly commit: string;
  /** The first tag of its image. */
  readonly tag: string | null;
  readonly digest: string;
}

export type HostPhase =
  'waiting' | 'preparing' | 'verifying' | 'ready' | 'active' | 'draining' | 'done' | 'undone' | 'failed';

/** One answer about the version that runs. */
export interface Verification {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly via: 'host' | 'balancer';
  readonly url: string;
  /** Of HTTP. Null: there was no answer. */
  readonly status: number | null;
  /** What was found in the answer, masked and shortened, or why nothing was. */
  readonly answer: string | null;
  readonly expected: string;
  readonly ok: boolean;
}

/** A note for people of how far a host is. No step is decided by it. */
export interface HostProgress {
  readonly host: string;
  readonly state: HostPhase;
  /** Each distinct answer once. */
  readonly verifications: readonly Verification[];
}

/** A note for people. Times in milliseconds since the epoch. */
export interface DeploymentStep {
  readonly name: string;
  readonly host: string | null;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  /** Its first line in the log, from 1. Unknown while it runs, and for old ones. */
  readonly line?: number | null;
  /** It ended with an error. One that was stopped from outside did not fail. */
  readonly failed?: boolean;
}

export interface DeploymentError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly host: string | null;
  readonly blame: Blame;
  /** All faults of a run file, if that is what failed. */
  readonly faults: readonly RunFileFault[];
}

/**
 * What the containers of a deployment are created from, with the settings of the environment as they were when it was asked for. It holds
 * secrets: it goes into the database and to the hosts, and nowhere else.
 */
export interface KeptSpecification {
  /** The image by its digest, with the host of its registry. */
  readonly image: string;
  readonly parameters: Parameters;
  /** Null: containers are not asked which version they run. */
  readonly verify: Verify | null;
  /** The keys of `verify` that are never shown. */
  readonly secretVerifyKeys: readonly (keyof Verify)[];
  /** The address that each host publishes ports on, by the host's name. Null: every address. */
  readonly publish: Readonly<Record<string, string | null>>;
  /**
   * What the label `spec` of containers says that were found running and adopted, by host: they are kept as they are, although they may have
   * been created from a text that reads differently.
   */
  readonly adoptedSpecs?: Readonly<Record<string, string>>;
}

/** What the label `spec` of a host's container says if it stands for a specification. */
export type SpecOn = (specification: KeptSpecification, host: string) => string;

/** A container of somebody else that a ticket takes the place of. */
export interface AdoptedContainer {
  readonly host: string;
  readonly id: string;
  readonly name: string;
  /** Before it was stopped. */
  readonly restart: RestartPolicy;
}

/** Who asked for a deployment, and why. */
export interface Requester {
  /** Name of the token, `follow`, or `slipway` for a repair. */
  readonly by: string;
  /** False: Slipway itself. A person's request is superseded by a person's alone. */
  readonly person: boolean;
}

export type TurnedBack = 'failed' | 'canceled' | 'superseded';

/** Somebody wants it to go on. Times in milliseconds since the epoch. */
export interface Approval {
  /** Name of the token. */
  readonly by: string;
  readonly at: number;
}

/** One request to run a release in an environment. Times in milliseconds since the epoch. */
export interface Deployment {
  readonly id: string;
  readonly kind: DeploymentKind;
  readonly service: string;
  readonly environment: string;
  /** Null while the build that it waits for runs. */
  readonly release: DeployedRelease | null;
  /** What was desired when it was asked for. */
  readonly from: { readonly number: number; readonly tag: string | null; readonly digest: string } | null;
  readonly status: DeploymentStatus;
  /** What it waits for, of what no rule says. */
  readonly waitedOut: WaitedOut | null;
  /** Not before this time. */
  readonly notBefore: number;
  readonly requester: Requester;
  /** Each token once, with the last time. */
  readonly approvals: readonly Approval[];
  readonly reference: string | null;
  readonly reason: string | null;
  readonly force: boolean;
  /** Names of containers of somebody else whose place it may take. */
  readonly adopt: readonly string[];
  /** Start the containers that were kept, as they are. */
  readonly useKept: boolean;
  /** A stop after which nothing is desired any more. */
  readonly removes: boolean;
  readonly callbackUrl: string | null;
  /** Hosts that it is about. Null: each of the environment. */
  readonly only: readonly string[] | null;
  /** The build that it waits for, and the branch whose head is meant. */
  readonly build: { readonly id: string; readonly branch: string } | null;
  readonly hosts: readonly HostProgress[];
  readonly steps: readonly DeploymentStep[];
  readonly warnings: readonly string[];
  /** Also while it goes back: the reason why it does. */
  readonly error: DeploymentError | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** Number of the attempt that runs or ran last; each time a worker takes it up is a new one. */
  readonly claim: number;
  /** The trace and the span that led to it, or its own span if it begins a trace (W3C `traceparent`). Undefined: none is known. */
  readonly traceparent?: string;
  /** Somebody asked to cancel it. */
  readonly cancelRequested: boolean;
  /** The hosts that the balancer had as active before the first change there. Null: nothing was changed there yet. */
  readonly activeBefore: readonly string[] | null;
  /**
   * Why it goes back, once it does. A deployment that goes back never goes on. `superseded`: a newer one took its place while it waited at its
   * gate.
   */
  readonly turnedBack: TurnedBack | null;
  /**
   * `waits`: everything is prepared, nothing that users reach was replaced, and it goes on once its gates are open. `passed`: it went on, so
   * gates that close do not stop it any more.
   */
  readonly gate: 'waits' | 'passed' | null;
}

/** What should run of a service in an environment. */
export interface Desired {
  readonly environment: string;
  readonly service: string;
  readonly release: DeployedRelease;
  /** The deployment that made it so. Its containers have this id in their names, unless `spec` found them running before. */
  readonly deploymentId: string;
  readonly specification: KeptSpecification;
  /** `stopped`: somebody stopped it, so nothing has to run. */
  readonly wanted: 'running' | 'stopped';
  /** Hosts that were left out and are brought to it once they are back. */
  readonly behind: readonly string[];
  /** Of each host in `behind`: what was made there after this time was not seen when this became desired. Milliseconds since the epoch. */
  readonly seenUntil?: Readonly<Record<string, number>>;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** What is known of a deployment before it is stored. */
export interface NewDeployment extends Pick<
  Deployment,
  | 'id'
  | 'kind'
  | 'service'
  | 'environment'
  | 'release'
  | 'requester'
  | 'reference'
  | 'reason'
  | 'force'
  | 'adopt'
  | 'useKept'
  | 'removes'
  | 'callbackUrl'
  | 'only'
  | 'build'
  | 'warnings'
  | 'traceparent'
> {
  /** Null while the build that it waits for runs. */
  readonly specification: KeptSpecification | null;
}

/** The wishes of a deployment that asks for nothing but its kind. */
export const noWishes = {
  reference: null,
  reason: null,
  force: false,
  adopt: [],
  useKept: false,
  removes: false,
  callbackUrl: null,
  only: null,
  build: null,
  warnings: [],
} as const;
