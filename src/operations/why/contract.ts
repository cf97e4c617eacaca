import type { PathReason } from '../../decide/why/path-reasons.js';
import type { Rung } from '../../decide/why/ladder.js';
import type { RecordedDecision } from '../../model/decision.js';
import type { Image } from '../../model/image.js';
import type { Service } from '../../model/service.js';

/** `commit` in full or its beginning. `branch` null: any. `decision`: an id; null: the newest about the commit. */
export interface WhyCall {
  readonly service: Service;
  readonly commit: string;
  readonly branch: string | null;
  readonly decision: number | null;
}

/** A base image whose build led to the next one. */
export interface ChainLink {
  readonly service: string;
  readonly branch: string;
  /** The image tag that it got. */
  readonly tag: string | null;
  readonly buildId: string;
  /** Milliseconds since the epoch. */
  readonly at: number | null;
}

export interface WhyAnswer {
  readonly decision: RecordedDecision;
  /** The commit that was asked about, in full. */
  readonly commit: string;
  /** False: it was pushed together with later ones, and the decision is about the last of them. */
  readonly isHead: boolean;
  readonly sentence: string;
  /** Null: the decision compared nothing. */
  readonly compared: {
    readonly base: string;
    /** The version tag of the image of the base. */
    readonly baseTag: string | null;
    readonly head: string;
    /** How many paths differ. */
    readonly paths: number;
    /** Where the git host shows the difference. Null: it is not known. */
    readonly url: string | null;
  } | null;
  /** The first of them. */
  readonly paths: readonly PathReason[];
  /** False: the configuration in force sorts the paths otherwise than the decision did. */
  readonly asDecided: boolean;
  /** The image that has everything of the commit that counts. */
  readonly coveredBy: { readonly image: Image; readonly buildId: string } | null;
  readonly ladder: readonly Rung[];
  /** For a build that a base image led to: from the first cause to the image that it stands on. */
  readonly chain: readonly ChainLink[];
  /** The other decisions about the same commit, on any branch, newest first: the first of them. */
  readonly others: readonly RecordedDecision[];
  /** Decisions of the same push about other services, builds first: the first of them. */
  readonly samePush: readonly RecordedDecision[];
  /** How many there are in all. */
  readonly samePushCount: number;
}

/** A path of the service's repository. */
export interface PathCall {
  readonly service: Service;
  readonly path: string;
}

export interface PathAnswer extends PathReason {
  readonly why: string;
  /** The commit whose packaging was looked at. Null: none is known, so packaging was left aside. */
  readonly commit: string | null;
}

export interface Why {
  /** `unknown-commit`, `unknown-decision`, and the codes of the git host if only that could tell. */
  of(call: WhyCall): Promise<WhyAnswer>;
  /** Whether a change of the path would count now. `invalid-request` for what is no path of a repository. */
  path(call: PathCall): Promise<PathAnswer>;
}
