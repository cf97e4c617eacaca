import type { Build } from '../model/build.js';
import type { Look, NewLook } from '../model/look.js';

/** With so many deaths a look or build is a suspect, which is in hand only alone among all that could be the culprit. */
export const SUSPECT_DEATHS = 2;
/** With so many it is set aside. */
export const FATAL_DEATHS = 3;

/** What a look was deciding on. */
export interface LookTarget {
  readonly service: string;
  readonly branch: string;
  readonly commit: string;
}

/**
 * Says what a process has in hand, so that the next one knows what it died with. A running build is in hand by itself. The mark of a look
 * goes with `Looks.postpone` and with the look. These writes do not wait for the disk: they survive the process, not a power cut.
 */
export interface InHand {
  /** Marks looks before the worker begins with the first of them. */
  takeLooks(ids: readonly number[], worker: string): Promise<void>;
  /** Stores a look that is in hand from the start. */
  addLook(look: NewLook, worker: string): Promise<Look>;
  /** Marks queued builds whose sources the worker is about to read. */
  takeBuilds(ids: readonly string[], worker: string): Promise<void>;
  /** What of a look is being decided on; null: nothing in particular. */
  reach(lookId: number, target: LookTarget | null): Promise<void>;
  /** Takes the marks of looks and builds back. */
  free(what: { readonly looks?: readonly number[]; readonly builds?: readonly string[] }): Promise<void>;
  /** The worker ends in good order: nothing that it still has in hand counts a death. */
  leave(worker: string): Promise<void>;
}

/** A look or build that was set aside, and has not been made good since. */
export interface SetAside {
  readonly id: number;
  readonly kind: 'look' | 'build';
  readonly at: number;
  readonly repository: string;
  /** Of a look; null: every branch. */
  readonly ref: string | null;
  /** What was being built, or decided on; null where a look had not come to that. */
  readonly target: LookTarget | null;
  readonly deliveryId: string | null;
  readonly buildId: string | null;
}

/** Which builds may be claimed: suspects only, or all but these and those of some repositories (in lower case). */
export type Claimable =
  { readonly suspects: true } | { readonly suspects: false; readonly except: ReadonlySet<string> };

export interface LookEnd {
  /** Of the delivery. */
  readonly reason: string;
  readonly now: number;
  /** Stored in the same transaction. */
  readonly looks: readonly NewLook[];
}

/** What died too often. `Queue.finish` keeps builds that end `crashed-repeatedly`, and drops those of a branch that is built again. */
export interface SetAsides {
  /** Repositories, in lower case, of looks and of unfinished builds that a process has died with. */
  touched(): Promise<readonly string[]>;
  /** The oldest suspect among the looks that are due at `now`, leaving out the repositories in `except` (in lower case). */
  suspect(now: number, except: readonly string[]): Promise<Look | null>;
  /** Running builds and looks that have died for the last time. `target`: what the look was deciding on then. */
  fatal(): Promise<{
    readonly builds: readonly Build[];
    readonly looks: readonly { readonly look: Look; readonly target: LookTarget | null }[];
  }>;
  /** Removes the look, keeps that it was set aside, and settles its delivery as `failed`. Resolves with the ids of deliveries that ended by it. */
  look(look: Look, end: LookEnd): Promise<readonly string[]>;
  /** Oldest first. */
  all(): Promise<readonly SetAside[]>;
  /** They were made good, or are to be tried again. */
  forget(ids: readonly number[]): Promise<void>;
}
