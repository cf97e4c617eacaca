import type { Build } from '../model/build.js';
import type { Look, NewLook } from '../model/look.js';

/** A look or build with this many deaths is a suspect. It never runs beside another candidate. */
export const SUSPECT_DEATHS = 2;
/** With this many deaths it is set aside. */
export const FATAL_DEATHS = 3;

/** What a look was deciding on. */
export interface LookTarget {
  readonly service: string;
  readonly branch: string;
  readonly commit: string;
}

/**
 * Marks what a process works on, so that the next one knows what it died with. A running build needs no mark. `Looks.postpone` and removing
 * a look clear its mark. These writes do not wait for the disk: they survive the process, not a power cut.
 */
export interface InHand {
  /** Marks looks before the worker begins with the first of them. */
  takeLooks(ids: readonly number[], worker: string): Promise<void>;
  /** Stores a look that is in progress from the start. */
  addLook(look: NewLook, worker: string): Promise<Look>;
  /** Marks queued builds whose sources the worker is about to read. */
  takeBuilds(ids: readonly string[], worker: string): Promise<void>;
  /** Records what a look is deciding on. Null: nothing in particular. */
  reach(lookId: number, target: LookTarget | null): Promise<void>;
  /** Clears the marks of looks and builds. */
  free(what: { readonly looks?: readonly number[]; readonly builds?: readonly string[] }): Promise<void>;
}

/** A look or build that was set aside, and has not succeeded since. */
export interface SetAside {
  readonly id: number;
  readonly kind: 'look' | 'build';
  readonly at: number;
  readonly repository: string;
  /** For a look. Null: every branch. */
  readonly ref: string | null;
  /** What was being built or decided on. Null if a look had not reached a target. */
  readonly target: LookTarget | null;
  readonly deliveryId: string | null;
  readonly buildId: string | null;
}

/** Which builds may be claimed: only suspects, or all others except those of some repositories (in lower case). */
export type Claimable =
  { readonly suspects: true } | { readonly suspects: false; readonly except: ReadonlySet<string> };

export interface LookEnd {
  /** The delivery's. */
  readonly reason: string;
  readonly now: number;
  /** Stored in the same transaction. */
  readonly looks: readonly NewLook[];
}

/** Set-asides. `Queue.finish` adds builds that end as `crashed-repeatedly`, and removes those of a branch that succeeds. */
export interface SetAsides {
  /** Repositories, in lower case, of looks and unfinished builds that were in progress when a process died. */
  touched(): Promise<readonly string[]>;
  /** The oldest suspect among the looks due at `now`, without the repositories in `except` (in lower case). */
  suspect(now: number, except: readonly string[]): Promise<Look | null>;
  /** Looks with too many deaths, and the builds that `worker` runs for having too many. `target`: what the look was deciding on. */
  fatal(worker: string): Promise<{
    readonly builds: readonly Build[];
    readonly looks: readonly { readonly look: Look; readonly target: LookTarget | null }[];
  }>;
  /** Removes the look, records it as set aside, and settles its delivery as `failed`. Resolves with the ids of the settled deliveries. */
  look(look: Look, end: LookEnd): Promise<readonly string[]>;
  /** Oldest first. */
  all(): Promise<readonly SetAside[]>;
  /** They have succeeded, or will be tried again. */
  forget(ids: readonly number[]): Promise<void>;
}
