import type { Blame, ErrorCode } from '../errors.js';
import type { Reason } from './decision.js';
import type { Image } from './image.js';
import type { Inputs } from './inputs.js';
import type { WaitedOut } from './waiting-for.js';
import type { Warning } from './warning.js';
import type { Trigger } from './trigger.js';

/** Which Dockerfile is in force: `commit` is the application's, or the central repository's (null for a local folder). */
export interface DockerfilePlace {
  readonly source: 'application' | 'central';
  readonly path: string;
  readonly commit: string | null;
}

export type BuildStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'canceled' | 'superseded';

export type Outcome = 'built' | 'reused';

export interface BuildError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly step: string | null;
  readonly blame: Blame;
}

/** `slipway`: its own work. `dockerfile`: an instruction of the Dockerfile. `engine`: other work of the engine. */
export type StepKind = 'slipway' | 'dockerfile' | 'engine';

/** Line numbers from 1, both inclusive. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

export interface Step {
  readonly name: string;
  readonly kind: StepKind;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  /** The engine had its result already. */
  readonly cached: boolean;
  /** Its work was taken over from an existing image, or from an earlier attempt. */
  readonly reused: boolean;
  /** Its first line in the log, from 1. Null: unknown, or it wrote none. */
  readonly line: number | null;
  /** Where the Dockerfile has the instruction. Null: unknown, or the step is not an instruction. */
  readonly dockerfile: LineRange | null;
}

/** One build. Times in milliseconds since the epoch. */
export interface Build {
  readonly id: string;
  readonly service: string;
  readonly repository: string;
  /** Branch name, or `refs/tags/NAME` for a git tag. */
  readonly branch: string;
  readonly commit: string;
  readonly status: BuildStatus;
  readonly outcome: Outcome | null;
  readonly trigger: Trigger;
  readonly reason: Reason;
  readonly dockerfile: DockerfilePlace | null;
  readonly image: Image | null;
  readonly error: BuildError | null;
  readonly queuedAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly steps: readonly Step[];
  /** Neither decided again nor superseded: manual, retry, or with an artifact. */
  readonly forced: boolean;
  /** With `builds: every-push`: built even when it is no longer the head. */
  readonly everyPush: boolean;
  readonly noCache: boolean;
  /** Never reuse an existing image (manual rebuild, retry). */
  readonly fresh: boolean;
  readonly artifactId: string | null;
  /** The official version once it is known, and where it comes from (null: nothing states one). Null before. */
  readonly official: { readonly value: string; readonly from: string | null } | null;
  /** What somebody should know of it. */
  readonly warnings: readonly Warning[];
  /** Official version given by the call. */
  readonly version: string | null;
  readonly callbackUrl: string | null;
  readonly attempt: number;
  /** How often a worker has claimed it. */
  readonly claim: number;
  /** Do not start before (ms since the epoch): another attempt, or a burst of pushes. */
  readonly notBefore: number;
  /** The inputs of the decision. Replaced by those of the build when it begins. */
  readonly inputs: Inputs;
  /** True if `commit` was the branch's tip when the build began. Null before. */
  readonly wasHead: boolean | null;
  /** The finished image on the engine. Kept so that a push can be repeated without building. */
  readonly engineImage: string | null;
  /** Digest of everything that the build of `engineImage` could read. */
  readonly fingerprint: string | null;
  /** The build whose image this one reused. */
  readonly reusedFrom: string | null;
  /** Why the last attempt failed, if another one follows. */
  readonly waitedOut: WaitedOut | null;
  /** How many processes died while they worked on it. */
  readonly deaths: number;
  /** The trace and the span that led to it (W3C `traceparent`). Undefined: none is known. */
  readonly traceparent?: string;
}

/** One run of a build by one worker. The next claim of the build is another attempt. */
export type Attempt = Pick<Build, 'id' | 'claim'>;

type Asked = 'id' | 'service' | 'repository' | 'branch' | 'commit' | 'trigger' | 'reason' | 'queuedAt' | 'inputs';

type Wished = 'traceparent' | 'forced' | 'everyPush' | 'noCache' | 'fresh' | 'artifactId' | 'version' | 'callbackUrl';

export type NewBuild = Pick<Build, Asked | Wished> & { readonly notBefore?: number | undefined };

/** The newest successful build, on a branch, of a commit that was head when the build began. */
export interface Baseline {
  readonly buildId: string;
  readonly commit: string;
  readonly inputs: Inputs;
  readonly image: Image;
}
