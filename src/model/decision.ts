import type { Trigger } from './trigger.js';

export type ReasonCode =
  | 'forced'
  | 'branch-not-configured'
  | 'waiting-for-artifact'
  | 'first-build'
  | 'baseline-unavailable'
  | 'skip-ci'
  | 'included-path-changed'
  | 'packaging-changed'
  | 'base-image-changed'
  | 'settings-changed'
  | 'only-run-file-changed'
  | 'no-change'
  | 'only-excluded-paths-changed'
  | 'no-included-path-changed'
  | 'git-tag'
  | 'tag-exists';

/** The same words in the API, the log, the command line and the commit status. `paths`: the first 20, long ones cut; the message has the count. */
export interface Reason {
  readonly code: ReasonCode;
  readonly message: string;
  readonly paths: readonly string[];
  readonly patterns: readonly string[];
}

export interface Decision {
  readonly service: string;
  /** Branch name, or `refs/tags/NAME` for a git tag. */
  readonly branch: string;
  readonly decision: 'build' | 'skip';
  readonly reason: Reason;
  readonly base: string | null;
  readonly head: string | null;
}

export interface RecordedDecision extends Decision {
  readonly id: number;
  readonly trigger: Trigger;
  readonly buildId: string | null;
  /** Identity of the inputs that were decided on; see `Inputs`. */
  readonly inputsKey: string;
  /** For a skip: the build whose image covers `head`. */
  readonly reliesOn: string | null;
  readonly at: number;
}
