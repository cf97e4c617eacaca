import type { Artifact } from '../model/artifact.js';
import type { BaseEdge } from '../model/base-edge.js';
import type { Baseline, Build, BuildError, BuildStatus, DockerfilePlace, NewBuild, Outcome } from '../model/build.js';
import type { Decision, RecordedDecision } from '../model/decision.js';
import type { Delivery, DeliveryStatus } from '../model/delivery.js';
import type { Image } from '../model/image.js';
import type { Inputs } from '../model/inputs.js';
import type { Look, NewLook } from '../model/look.js';
import type { Trigger } from '../model/trigger.js';
import type { Warning } from '../model/warning.js';
import type { Claimable, InHand, SetAsides } from './death-contract.js';
import type { Images, Tags } from './image-contract.js';

export type * from './death-contract.js';
export { FATAL_DEATHS, SUSPECT_DEATHS } from './death-contract.js';
export type * from './image-contract.js';

/** One page of a list, newest first. `cursor` is the opaque `nextCursor` of the page before. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/**
 * Everything durable. Every method is one transaction, may run side by side with any other, and fails with `store-unavailable`
 * where the database cannot be used; nothing is then half written. Times are milliseconds since the epoch and come from the caller.
 */
export interface Store {
  readonly deliveries: Deliveries;
  readonly looks: Looks;
  readonly inHand: InHand;
  readonly setAsides: SetAsides;
  readonly decisions: Decisions;
  readonly bases: Bases;
  readonly builds: Builds;
  readonly queue: Queue;
  readonly logs: Logs;
  readonly artifacts: Artifacts;
  readonly images: Images;
  readonly tags: Tags;
  readonly seenTags: SeenTags;
  readonly moments: Moments;
  readonly housekeeping: Housekeeping;
}

export interface Deliveries {
  /**
   * Stores a delivery with the look that it causes, durably, before it resolves. Calls that arrive together share a transaction. Where the
   * newest pending look of the repository and ref comes from a delivery and is about the same commit, the delivery joins that one instead:
   * both have one look, and the same decisions, status, reason and warnings from then on. A look in hand is joined only where its
   * `before` covers that of the delivery; that of any other becomes null where the two differ.
   */
  accept(delivery: Delivery, look: NewLook | null): Promise<'accepted' | 'duplicate'>;
  get(id: string): Promise<Delivery | null>;
  page(request: PageRequest): Promise<Page<Delivery>>;
  /** The newest that told of the commit, newest first; at most twenty. */
  ofCommit(after: string): Promise<readonly Delivery[]>;
  /** Gives the status to the delivery and to those that joined it. Resolves with the ids of all of them. */
  settle(id: string, status: DeliveryStatus, reason: string | null): Promise<readonly string[]>;
  /** Keeps what was noticed while the delivery was decided on, for those that joined it too; replaces what was kept before. */
  warn(id: string, warnings: readonly Warning[]): Promise<void>;
}

/** Triggers that are yet to be worked on. A look stays until `record` or `done` removes it, whatever happens meanwhile. */
export interface Looks {
  add(look: NewLook): Promise<Look>;
  /** Those due at `now`, oldest first, without suspects (see `InHand`) and without the repositories in `except` (in lower case). */
  due(now: number, limit: number, except: readonly string[]): Promise<readonly Look[]>;
  /** When the next look is due; null where none is stored. */
  nextDueAt(except: readonly number[]): Promise<number | null>;
  /** Keeps the look for another attempt. */
  postpone(id: number, dueAt: number): Promise<void>;
  done(id: number): Promise<void>;
  /** Whether a look of the sweep at the whole repository is stored. */
  isSwept(repository: string): Promise<boolean>;
}

export interface PlannedDecision {
  readonly decision: Decision;
  readonly trigger: Trigger;
  readonly inputsKey: string;
  readonly reliesOn: string | null;
  /** For a build that is to be queued. Not queued where one of the same commit and packaging is queued or running: that one's id is recorded. */
  readonly build: NewBuild | null;
  /** What the branch stands on from now on; undefined: as before. */
  readonly bases?: readonly BaseEdge[];
  /** Stored where the decision is a skip that supersedes a build, in the same transaction. */
  readonly lookAgain?: NewLook;
}

export interface PlanToRecord {
  /** Removed in the same transaction. */
  readonly look: Look | null;
  /** Settled as `planned` in the same transaction. */
  readonly deliveryId: string | null;
  readonly decisions: readonly PlannedDecision[];
}

export interface RecordedPlan {
  /** In the order given. */
  readonly recorded: readonly RecordedDecision[];
  /** Builds that wait because of it and did not before. */
  readonly queued: readonly string[];
  /** Builds that ended by it. */
  readonly superseded: readonly string[];
  /** Deliveries that were settled: the plan's, and those that joined it. */
  readonly settled: readonly string[];
}

export interface Decisions {
  /**
   * Writes decisions, queues their builds, supersedes queued unforced builds of other heads of the same service and branch (those with
   * `everyPush` stay), and removes the look: all or nothing. A forced build is always queued as a build of its own.
   */
  record(plan: PlanToRecord, now: number): Promise<RecordedPlan>;
  /** Those of the delivery that it joined, where it did. */
  ofDelivery(deliveryId: string): Promise<readonly RecordedDecision[]>;
  /**
   * The newest one that speaks of the branch's head; null where there is none. Forced ones may be about any commit: they count only where
   * they are about `head`.
   */
  newest(service: string, branch: string, head?: string): Promise<RecordedDecision | null>;
  /** Newest decision of the service whose head is the commit, builds before skips of equal age; those that name no image or are forced, last. */
  covering(service: string, commit: string): Promise<RecordedDecision | null>;
  /** The newest decisions of all services, newest first. */
  last(limit: number): Promise<readonly RecordedDecision[]>;
  /** Branches (and `refs/tags/…`) of the service that have a decision. */
  branches(service: string): Promise<readonly string[]>;
}

/** Which service stands on the images of which, on the branches that were decided on, as the newest decisions saw it. */
export interface Bases {
  /** What a branch of a service stands on itself. */
  under(service: string, branch: string): Promise<readonly BaseEdge[]>;
  /** Those who stand on one of these images (`host/name:tag`). */
  standingOn(references: readonly string[]): Promise<readonly BaseEdge[]>;
  /** Replaces what a branch stands on, where no decision is recorded that would. */
  replace(service: string, branch: string, edges: readonly BaseEdge[]): Promise<void>;
}

export interface BuildQuery extends PageRequest {
  readonly service?: string;
  readonly branch?: string;
  readonly status?: BuildStatus;
}

export interface Builds {
  get(id: string): Promise<Build | null>;
  page(query: BuildQuery): Promise<Page<Build>>;
  /** See `Baseline` in model.ts; newest by end. */
  baseline(service: string, branch: string): Promise<Baseline | null>;
  /** The newest build of the service and branch (of one commit, where given), whatever its status. */
  newest(service: string, branch: string, commit?: string): Promise<Build | null>;
  /** The newest successful build of the service and commit. */
  succeeded(service: string, commit: string): Promise<Build | null>;
  /** What `Queue.claim` could give at `now` of builds that no process has died with, in its order, `most` at most; they stay queued. */
  upcoming(now: number, most: number): Promise<readonly Build[]>;
}

/** What a build learns while it runs. */
export interface BuildProgress {
  readonly dockerfile?: DockerfilePlace;
  readonly inputs?: Inputs;
  readonly wasHead?: boolean;
  readonly fingerprint?: string;
  readonly engineImage?: string | null;
}

export type BuildEnd =
  | {
      readonly status: 'succeeded';
      readonly outcome: Outcome;
      readonly image: Image;
      readonly reusedFrom: string | null;
      /** By which builds of equal inputs find the image from now on; null: by none. */
      readonly fingerprint: string | null;
    }
  | { readonly status: 'failed'; readonly error: BuildError }
  | { readonly status: 'canceled' | 'superseded' };

/** When a step began or ended, in milliseconds since the epoch. */
export type StepMark = { readonly name: string } & ({ readonly startedAt: number } | { readonly finishedAt: number });

/**
 * The durable queue. Order of calls for one build: `claim`, then any of `progress`, `steps`, `heartbeat`, then `finish` or `putBack`.
 * The database sees to it that no two builds of one service run at a time and that a `latest` service has at most one queued unforced
 * build per branch.
 */
export interface Queue {
  /**
   * Oldest queued build that may start at `now` and whose service has none running; marks it running under the worker's lease. An
   * unforced build waits while anything that its branch stands on, through however many bases, is queued, running or about to be looked
   * at for the first time; those that stand on each other do not wait for one another. `which`: left out, any.
   */
  claim(worker: string, now: number, leaseUntil: number, which?: Claimable): Promise<Build | null>;
  /** Extends the leases of the worker; resolves with the ids of its running builds that somebody asked to cancel. */
  heartbeat(worker: string, leaseUntil: number): Promise<readonly string[]>;
  progress(id: string, progress: BuildProgress): Promise<void>;
  /** Opens steps, and closes those where `finishedAt` is given, one after the other. Shares a transaction with the log's text that comes with it. */
  steps(id: string, marks: readonly StepMark[]): Promise<void>;
  /** Ends a build, and stores its image (see `Images`) and the looks that its end causes, all or nothing. False where it had ended before. */
  finish(id: string, end: BuildEnd, now: number, looks: readonly NewLook[]): Promise<boolean>;
  /**
   * Puts a running build back in the queue: for another attempt (`attempt` + 1, `notBefore`), or because the server stops. It ends
   * `canceled` where somebody asked for that, and `superseded` where it stands for the head and a newer build of its branch waits.
   */
  putBack(id: string, notBefore: number, countsAsAttempt: boolean): Promise<void>;
}

export type CancelResult = 'canceled' | 'requested' | 'already-ended';

export interface Housekeeping {
  /** A queued build ends at once; a running one is marked, and its worker's next heartbeat hears of it. Null where there is none. */
  cancel(id: string, now: number): Promise<CancelResult | null>;
  /**
   * Takes builds off their worker as `putBack` does (no attempt counted): those whose lease has run out, and, where `alive` is given, those
   * of every other worker. Resolves with their ids. Pauses that only a clock set back can have made so long end now.
   *
   * What every other worker has in hand counts a death. A build with the last death it may have stays running, as the build of `alive`,
   * and is not among the ids: see `SetAsides.fatal`.
   */
  recover(now: number, alive: string | null): Promise<readonly string[]>;
  /**
   * Stores the answer to an idempotent call, or resolves with the build id stored under the key before; `conflict` where the request differs.
   * Nothing is stored for null, which is the answer where nothing was before.
   */
  once<Id extends string | null>(
    key: string,
    requestHash: string,
    buildId: Id,
  ): Promise<{ buildId: string | Id } | 'conflict'>;
  /** Number of queued builds, of running ones, and when the first pause of a queued one ends; null where none has a pause left. */
  load(): Promise<{ queued: number; running: number; pausedUntil: number | null }>;
  /** Removes logs of builds that ended before the time, and idempotency keys older than it. */
  clean(before: number): Promise<void>;
  close(): Promise<void>;
}

export interface Logs {
  /** Appends text to a build's log (`unknown-build`); past `limits.log` bytes one line says that the rest is dropped. See `Queue.steps`. */
  append(buildId: string, text: string): Promise<void>;
  /** Text from a chunk number on (0: all), and the number to go on from. */
  read(buildId: string, from: number): Promise<{ text: string; next: number }>;
}

export interface Artifacts {
  add(artifact: Artifact): Promise<void>;
  get(id: string): Promise<Artifact | null>;
  newest(service: string, branch: string): Promise<Artifact | null>;
  /** The newest one that was made from the commit, whatever its branch. */
  ofCommit(service: string, commit: string): Promise<Artifact | null>;
  /** Artifacts that neither are the newest of their branch nor belong to an unfinished build, received before the time: rows removed, resolved with. */
  expire(before: number): Promise<readonly Artifact[]>;
  /** The files of all artifacts, relative to the data directory. */
  files(): Promise<ReadonlySet<string>>;
}

/** The git tags of a repository as the sweep found them last: tag → commit. */
export interface SeenTags {
  /** Null where the repository was never swept. */
  of(repository: string): Promise<ReadonlyMap<string, string> | null>;
  /** Replaces what was remembered. */
  remember(repository: string, seen: ReadonlyMap<string, string>): Promise<void>;
}

/** When things happened last, each by a name; for the few that a restart must not forget. */
export interface Moments {
  all(): Promise<ReadonlyMap<string, number>>;
  note(name: string, at: number): Promise<void>;
}
