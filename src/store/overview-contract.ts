import type { BuildError, BuildStatus, Outcome } from '../model/build.js';
import type { Decision, ReasonCode } from '../model/decision.js';
import type { WaitedOut } from '../model/waiting-for.js';

/** A branch of a service. */
export interface BranchOf {
  readonly service: string;
  readonly branch: string;
}

/** The newest build and decision that somebody has read. */
export interface OverviewMark {
  readonly build: number;
  readonly decision: number;
}

/** A queued or running build. */
export interface BuildInFlight extends BranchOf {
  readonly id: string;
  readonly status: 'queued' | 'running';
  readonly commit: string;
  readonly reason: string;
  readonly queuedAt: number;
  readonly startedAt: number | null;
  readonly attempt: number;
  readonly notBefore: number;
  readonly waitedOut: WaitedOut | null;
  /** The step that it is at. Null: none, or it is queued. */
  readonly step: string | null;
}

export interface EndedBuild extends BranchOf {
  readonly id: string;
  readonly status: Exclude<BuildStatus, 'queued' | 'running'>;
  readonly outcome: Outcome | null;
  readonly startedAt: number | null;
  readonly finishedAt: number;
}

export interface BranchDecision extends BranchOf {
  readonly decision: Decision['decision'];
  readonly code: ReasonCode;
  readonly reason: string;
  readonly head: string | null;
  readonly at: number;
}

/** Why a build was made, and how it failed. */
export interface BuildDetails {
  readonly id: string;
  readonly commit: string;
  readonly queuedAt: number;
  readonly reason: string;
  readonly error: Pick<BuildError, 'message' | 'step'> | null;
}

export interface BranchImage extends BranchOf {
  readonly commit: string;
  readonly digest: string;
  readonly tags: readonly string[];
}

/** What is known of many branches, each time in one statement for some hundreds of them. */
export interface Overviews {
  /**
   * Two numbers that grow: `changes` whenever a row is written that `Overviews`, `Builds.line` or the waiting builds are read from, `removals`
   * whenever builds or decisions are removed. Costs nothing. What is read after they were asked is at least as new as they are.
   */
  revision(): { readonly changes: number; readonly removals: number };
  /** The branches with builds or decisions after the mark, and the newest mark. Null: nothing was read yet, and no branches are named. */
  since(mark: OverviewMark | null): Promise<{ readonly branches: readonly BranchOf[]; readonly mark: OverviewMark }>;
  /** Oldest first, of all branches. */
  inFlight(): Promise<readonly BuildInFlight[]>;
  /** The last builds of each branch that have ended, newest first. `status`: only such. */
  ended(branches: readonly BranchOf[], limit: number, status?: 'succeeded'): Promise<readonly EndedBuild[]>;
  /** The last decisions of each branch that there was nothing to build, newest first. Without those that wait for an artifact. */
  skips(branches: readonly BranchOf[], limit: number): Promise<readonly (BranchOf & { readonly at: number })[]>;
  /** The newest decision about the head of each branch; see `Decisions.newest`. */
  decided(branches: readonly BranchOf[]): Promise<readonly BranchDecision[]>;
  /** The image of each branch's baseline. */
  images(branches: readonly BranchOf[]): Promise<readonly BranchImage[]>;
  details(ids: readonly string[]): Promise<readonly BuildDetails[]>;
}
