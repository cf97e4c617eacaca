import type { Attempt, Build, BuildError, DockerfilePlace, LineRange, Outcome, StepKind } from '../model/build.js';
import type { Image } from '../model/image.js';
import type { Inputs } from '../model/inputs.js';
import type { KeptRunFile } from '../model/release.js';
import type { NewLook } from '../model/look.js';
import type { WaitedOut } from '../model/waiting-for.js';
import type { Warning } from '../model/warning.js';
import type { Claimable } from './death-contract.js';

/** The text of a Dockerfile that a build used. Texts with equal digests are stored once. */
export interface DockerfileText {
  readonly digest: string;
  readonly text: string;
}

/** What a build learns while it runs. */
export interface BuildProgress {
  readonly dockerfile?: DockerfilePlace;
  readonly dockerfileText?: DockerfileText;
  readonly inputs?: Inputs;
  readonly wasHead?: boolean;
  readonly fingerprint?: string;
  readonly engineImage?: string | null;
  readonly official?: Build['official'];
  readonly warnings?: readonly Warning[];
  readonly waitedOut?: WaitedOut;
}

export type BuildEnd =
  | {
      readonly status: 'succeeded';
      readonly outcome: Outcome;
      readonly image: Image;
      readonly reusedFrom: string | null;
      /** The key by which builds of equal inputs find the image. Null: it is never reused. */
      readonly fingerprint: string | null;
      /** The run file that belongs to the commit. */
      readonly runFile: KeptRunFile;
    }
  | { readonly status: 'failed'; readonly error: BuildError }
  | { readonly status: 'canceled' | 'superseded' };

/** When a step began or ended, in milliseconds since the epoch, and what is known of it then. */
export type StepMark = { readonly name: string } & (
  | {
      readonly startedAt: number;
      readonly kind?: StepKind;
      readonly reused?: boolean;
      readonly dockerfile?: LineRange | null;
    }
  | { readonly finishedAt: number; readonly cached?: boolean }
);

/**
 * The durable queue. Order of calls for one build: `claim`, then any of `progress`, `steps`, `owned`, then `finish` or `putBack`. The
 * database guarantees that a service runs one build at a time, and that a `latest` service has at most one queued unforced build per
 * branch.
 *
 * A worker names the attempt that it runs in each call. An attempt is lost once its build has ended or was taken from its worker. Then the
 * call changes nothing and resolves with false, also if another attempt of the build runs already.
 */
export interface Queue {
  /**
   * Claims the oldest queued build that may start now and whose service runs none. An unforced build waits while any of its bases, direct or
   * not, is queued, running or about to be looked at for the first time. Bases in a circle do not wait for one another. Each claim is a new
   * attempt: `claim` + 1. Null without such a build, or if the lease of the worker has run out. `which`: default any.
   */
  claim(worker: string, which?: Claimable): Promise<Build | null>;
  /** Milliseconds until the lease of the attempt's worker runs out. 0: it has run out, or the attempt is lost. */
  owned(attempt: Attempt): Promise<number>;
  progress(attempt: Attempt, progress: BuildProgress): Promise<boolean>;
  /** Opens steps, and closes those with a `finishedAt`, in order. Shares a transaction with log text that arrives at the same time. */
  steps(attempt: Attempt, marks: readonly StepMark[]): Promise<boolean>;
  /**
   * Ends a running build and stores its image (see `Images`), its release (see `Releases`) and the looks that follow, all or nothing.
   */
  finish(attempt: Attempt, end: BuildEnd, now: number, looks: readonly NewLook[]): Promise<boolean>;
  /**
   * Puts a running build back in the queue: for another attempt (`attempt` + 1, `notBefore`), or because the server stops. It ends as
   * `canceled` if that was requested, and as `superseded` if it stands for the head and a newer build of its branch waits.
   */
  putBack(attempt: Attempt, notBefore: number, countsAsAttempt: boolean): Promise<boolean>;
}
