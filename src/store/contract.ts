import type { Artifact } from '../model/artifact.js';
import type { AuditEntry } from '../model/audit.js';
import type { BaseEdge } from '../model/base-edge.js';
import type { Attempt, Baseline, Build, NewBuild } from '../model/build.js';
import type { Decision, RecordedDecision } from '../model/decision.js';
import type { Delivery, DeliveryStatus } from '../model/delivery.js';
import type { Look, NewLook } from '../model/look.js';
import type { Trigger } from '../model/trigger.js';
import type { WaitedOut, WaitingFor } from '../model/waiting-for.js';
import type { Warning } from '../model/warning.js';
import type { InHand, SetAsides } from './death-contract.js';
import type { Deployments } from './deployment-contract.js';
import type { Follows } from './follow-contract.js';
import type { FormerNames } from './former-contract.js';
import type { Holds } from './hold-contract.js';
import type { AuditQuery, BuildQuery, DecisionQuery, DeliveryQuery, Hindrance, Page } from './query-contract.js';
import type { Images, Tags } from './image-contract.js';
import type { Ledger } from './ledger-contract.js';
import type { LogChunk, LogMark } from './log-contract.js';
import type { NewRelease } from '../model/release.js';
import type { Misreads } from './misread-contract.js';
import type { Notices } from './notice-contract.js';
import type { Overviews } from './overview-contract.js';
import type { Queue } from './queue-contract.js';
import type { RegionDrifts } from './region-drift-contract.js';
import type { Releases } from './release-contract.js';
import type { Workers } from './worker-contract.js';

export type * from './death-contract.js';
export type * from './deployment-contract.js';
export { FATAL_DEATHS, SUSPECT_DEATHS } from './death-contract.js';
export type * from './follow-contract.js';
export type * from './former-contract.js';
export type * from './hold-contract.js';
export type * from './image-contract.js';
export type * from './ledger-contract.js';
export { ledgerResults } from './ledger-contract.js';
export type * from './log-contract.js';
export type * from './misread-contract.js';
export type * from './notice-contract.js';
export type * from './overview-contract.js';
export type * from './queue-contract.js';
export type * from './region-drift-contract.js';
export type * from './release-contract.js';
export type * from './worker-contract.js';
export { LEASE_MS } from './worker-contract.js';
export type * from './query-contract.js';

/**
 * Everything durable. Every method is one transaction, may run in parallel, and fails with `store-unavailable` if the database cannot be
 * used; nothing is then half written. Times are milliseconds since the epoch. They come from the caller, except for leases, claims and
 * recovery: those go by the store's own clock, so that the clock of a caller takes nothing from another.
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
  readonly workers: Workers;
  readonly logs: Logs;
  readonly artifacts: Artifacts;
  readonly images: Images;
  readonly tags: Tags;
  readonly releases: Releases;
  readonly deployments: Deployments;
  readonly holds: Holds;
  readonly follows: Follows;
  readonly formerNames: FormerNames;
  readonly seenTags: SeenTags;
  readonly misreads: Misreads;
  readonly regionDrifts: RegionDrifts;
  readonly overview: Overviews;
  readonly ledger: Ledger;
  readonly moments: Moments;
  readonly audit: Audit;
  readonly notices: Notices;
  readonly housekeeping: Housekeeping;
}

export interface Deliveries {
  /**
   * Durably stores a delivery with its look before it resolves. Calls that arrive together share a transaction. If the newest pending look
   * of the repository and ref comes from a delivery and is about the same commit, the delivery joins it. Both then share decisions, status,
   * reason and warnings. A look in progress is joined only if its `before` covers the delivery's. For any other look a differing `before`
   * becomes null.
   */
  accept(delivery: Delivery, look: NewLook | null): Promise<'accepted' | 'duplicate'>;
  get(id: string): Promise<Delivery | null>;
  page(query: DeliveryQuery): Promise<Page<Delivery>>;
  /** The deliveries about the commit, newest first, at most twenty. */
  ofCommit(after: string): Promise<readonly Delivery[]>;
  /** When the newest delivery of each repository (in lower case) came. Absent: none is stored. */
  heard(repositories: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Settles the delivery and those that joined it. Resolves with all their ids. */
  settle(id: string, status: DeliveryStatus, reason: string | null): Promise<readonly string[]>;
  /** Replaces the warnings of the delivery and of those that joined it. */
  warn(id: string, warnings: readonly Warning[]): Promise<void>;
}

/** Triggers to be processed. A look stays until `record` or `done` removes it. */
export interface Looks {
  add(look: NewLook): Promise<Look>;
  /** Looks due at `now`, oldest first, without suspects (see `InHand`) and the repositories in `except` (in lower case). */
  due(now: number, limit: number, except: readonly string[]): Promise<readonly Look[]>;
  /** When the next look is due, or null. */
  nextDueAt(except: readonly number[]): Promise<number | null>;
  /** Keeps the look for another attempt. `waitedOut`: why this one failed. */
  postpone(id: number, dueAt: number, waitedOut?: WaitedOut): Promise<void>;
  /** What the looks of deliveries that were postponed wait for, by delivery. */
  waiting(deliveryIds: readonly string[]): Promise<ReadonlyMap<string, WaitingFor>>;
  done(id: number): Promise<void>;
  /** True if a look of the sweep at the whole repository is stored. */
  isSwept(repository: string): Promise<boolean>;
}

export interface PlannedDecision {
  readonly decision: Decision;
  readonly trigger: Trigger;
  readonly inputsKey: string;
  readonly reliesOn: string | null;
  /** The build to queue. If one of the same commit and packaging is queued or running, that one's id is recorded instead. */
  readonly build: NewBuild | null;
  /** The branch's bases from now on. Undefined: unchanged. */
  readonly bases?: readonly BaseEdge[];
  /** Stored in the same transaction if the decision is a skip that supersedes a build. */
  readonly lookAgain?: NewLook;
  /** What the head of a skip is released as; see `Releases`. Undefined: no image covers it. */
  readonly release?: NewRelease;
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
  /** Builds that newly wait because of it. */
  readonly queued: readonly string[];
  /** Builds that it ended. */
  readonly superseded: readonly string[];
  /** The settled deliveries: the plan's, and those that joined it. */
  readonly settled: readonly string[];
}

export interface Decisions {
  /**
   * Writes decisions, queues their builds, supersedes queued unforced builds of other heads of the branch (except those with `everyPush`),
   * and removes the look, all or nothing. A forced build is always queued on its own. Makes the releases of skips, or notes which release
   * covers them.
   */
  record(plan: PlanToRecord, now: number): Promise<RecordedPlan>;
  /** Includes the decisions of a delivery that it joined. */
  ofDelivery(deliveryId: string): Promise<readonly RecordedDecision[]>;
  /** The newest decision about the branch's head, or null. A forced one may be about any commit and counts only if it is about `head`. */
  newest(service: string, branch: string, head?: string): Promise<RecordedDecision | null>;
  /** Newest decision of the service at the commit, builds before skips of equal age. Forced ones and those without an image come last. */
  covering(service: string, commit: string): Promise<RecordedDecision | null>;
  page(query: DecisionQuery): Promise<Page<RecordedDecision>>;
  /** The newest decisions of all services, newest first. */
  last(limit: number): Promise<readonly RecordedDecision[]>;
  /** Branches (and `refs/tags/…`) of the service that have a decision. */
  branches(service: string): Promise<readonly string[]>;
}

/** Which service stands on which images, by branch, as of the newest decisions. */
export interface Bases {
  /** What a branch of a service stands on itself. */
  under(service: string, branch: string): Promise<readonly BaseEdge[]>;
  /** Branches that stand on one of these images (`host/name:tag`). */
  standingOn(references: readonly string[]): Promise<readonly BaseEdge[]>;
  /** Replaces a branch's bases without a decision. */
  replace(service: string, branch: string, edges: readonly BaseEdge[]): Promise<void>;
}

export interface Builds {
  get(id: string): Promise<Build | null>;
  page(query: BuildQuery): Promise<Page<Build>>;
  /** The newest by end; see `Baseline`. */
  baseline(service: string, branch: string): Promise<Baseline | null>;
  /** The newest build of the service and branch (and commit, if given), of any status. */
  newest(service: string, branch: string, commit?: string): Promise<Build | null>;
  /** The newest successful build of the service and commit. */
  succeeded(service: string, commit: string): Promise<Build | null>;
  /** The text of the Dockerfile that the build used. Null: not known yet, or not kept any more. */
  dockerfile(id: string): Promise<string | null>;
  /** What keeps queued builds from starting besides time and free slots, by id. */
  hindrances(ids: readonly string[]): Promise<ReadonlyMap<string, Hindrance>>;
  /** The queued builds: those that `Queue.claim` could return at `now` in its order, then the others by age. */
  line(now: number): Promise<readonly string[]>;
  /** The first `limit` builds that `Queue.claim` could return at `now`, in its order and without deaths. They stay queued. */
  upcoming(now: number, limit: number): Promise<readonly Build[]>;
}

export type CancelResult = 'canceled' | 'requested' | 'already-ended';

export interface Housekeeping {
  /** Ends a queued build at once. Marks a running one, for its worker's next heartbeat. Null if there is none. */
  cancel(id: string, now: number): Promise<CancelResult | null>;
  /**
   * Takes the work of every worker whose lease has ended, and nothing of any other. Running builds are taken as by `Queue.putBack`, without
   * counting an attempt; looks in hand and builds in preparation lose their marks. Resolves with the ids of the builds. Pauses that only a
   * clock set back can explain end now.
   *
   * Running deployments of such workers are pending again and due now. They keep why they go back and when they began.
   *
   * Work of a worker that is known to be dead counts a death (see `Workers`). A build with its last death keeps running, as another attempt
   * of `worker`, and is not among the ids: see `SetAsides.fatal`.
   */
  recover(worker: string): Promise<readonly string[]>;
  /**
   * Stores the answer to an idempotent call, or resolves with the build id already stored for the key. Fails with `conflict` if the request
   * differs. Null stores nothing, and is the answer if nothing was stored.
   */
  once<Id extends string | null>(
    key: string,
    requestHash: string,
    buildId: Id,
  ): Promise<{ buildId: string | Id } | 'conflict'>;
  /** What a key stands for, or null. */
  key(key: string): Promise<{ readonly id: string; readonly requestHash: string } | null>;
  /** Number of queued and running builds, and when the first pause of a queued one ends (or null). */
  load(): Promise<{ queued: number; running: number; pausedUntil: number | null }>;
  /** What looks and queued builds that failed wait out at `now`, the first to be tried again first. */
  waits(now: number, limit: number): Promise<readonly WaitingFor[]>;
  /** Removes logs of builds and deployments that ended before the time, and idempotency keys older than it. */
  clean(before: number): Promise<void>;
  /** Removes settled deliveries received before the time. Resolves with how many. */
  forgetDeliveries(before: number): Promise<number>;
  /**
   * Removes decisions made before the time, except those that the next look is compared with, and what is known of commits that releases
   * covered then. Resolves with the number of decisions.
   */
  forgetDecisions(before: number): Promise<number>;
  /** Removes deployments that ended before the time, except those that are desired or were before. Resolves with how many. */
  forgetDeployments(before: number): Promise<number>;
  /** Removes entries of the audit list that are older than the time. Resolves with how many. */
  forgetAudit(before: number): Promise<number>;
  close(): Promise<void>;
}

export interface Logs {
  /**
   * Appends text to the build's log. It is stored as chunks, each of one step: what one step wrote without a break, and arrived together,
   * is one chunk with the time of its beginning. Beyond `limits.log` bytes, one line says that the rest is dropped. False if the attempt no longer runs:
   * nothing of it is stored, so no text comes between the lines of the next attempt. See `Queue.steps`.
   */
  append(attempt: Attempt, text: string, mark?: LogMark): Promise<boolean>;
  /** The text from a chunk number on (0: all), and the next number. */
  read(buildId: string, from: number): Promise<{ text: string; next: number }>;
  /** The chunks from a number on. */
  chunks(buildId: string, from: number): Promise<readonly LogChunk[]>;
}

export interface Artifacts {
  add(artifact: Artifact): Promise<void>;
  get(id: string): Promise<Artifact | null>;
  /** The commits that the service has artifacts of, whatever branch they came for. */
  commits(service: string): Promise<ReadonlySet<string>>;
  /** The artifact of the commit that came last, whatever branch it came for. */
  ofCommit(service: string, commit: string): Promise<Artifact | null>;
  /** Artifacts received before the time. */
  olderThan(before: number): Promise<readonly Artifact[]>;
  /** Removes these, except those of unfinished builds. Resolves with the removed ones. */
  remove(ids: readonly string[]): Promise<readonly Artifact[]>;
  /** The files of all artifacts, relative to the data directory. */
  files(): Promise<ReadonlySet<string>>;
}

/** The git tags of a repository at its last sweep: tag → commit. */
export interface SeenTags {
  /** Null if the repository was never swept. */
  of(repository: string): Promise<ReadonlyMap<string, string> | null>;
  /** Replaces what was remembered. */
  remember(repository: string, seen: ReadonlyMap<string, string>): Promise<void>;
}

/** When things last happened, by name. For the few times that must survive a restart. */
export interface Moments {
  all(): Promise<ReadonlyMap<string, number>>;
  note(name: string, at: number): Promise<void>;
}

/** Who did what. Entries never change. */
export interface Audit {
  add(entry: AuditEntry): Promise<void>;
  /** Newest first. */
  page(query: AuditQuery): Promise<Page<AuditEntry>>;
}
