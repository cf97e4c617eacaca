/** The plain data that travels the pipeline. No behaviour with effects; words as in docs/glossary.md. */
import type { Pattern, Regions } from './model/pattern.js';
import type { Blame, ErrorCode } from './errors.js';
import type { Secret } from './secret.js';

export type * from './model/pattern.js';

/** Where the official version comes from: a file under `path`, a fixed value, or (null) the files that usually state it. */
export type VersionSetting = { readonly file: string } | { readonly value: string } | null;

/** `false`: never; a number: images at most that many milliseconds old; `true`: any age. */
export type ReuseSetting = boolean | number;

/** One service, effective: every default applied, every pattern compiled. Paths are repository-relative, '' is the root. */
export interface Service {
  readonly name: string;
  readonly repository: string;
  readonly path: string;
  readonly branches: readonly Pattern[];
  /** The patterns of `branches` that name one branch and no more. */
  readonly literalBranches: readonly string[];
  readonly gitTags: readonly Pattern[];
  readonly regions: Regions;
  /** `includedRegions: auto`; `regions.included` is then empty and derived from the Dockerfile at each look. */
  readonly autoRegions: boolean;
  readonly context: string;
  readonly dockerfile: string | null;
  readonly target: string | null;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, Secret>>;
  readonly version: VersionSetting;
  readonly trigger: 'push' | 'artifact';
  readonly artifact: string | null;
  readonly image: string;
  readonly builds: 'latest' | 'every-push';
  readonly reuse: ReuseSetting;
  readonly cascade: boolean;
  /** Hash over the settings that shape the image (`Decision` line 10). */
  readonly settingsFingerprint: string;
}

export type TriggerKind = 'push' | 'packaging' | 'base-image' | 'settings' | 'api' | 'manual' | 'sweep' | 'retry';

/** Why something is looked at or built. `by` is the name of the token that asked, or of the pusher. */
export interface Trigger {
  readonly kind: TriggerKind;
  readonly deliveryId: string | null;
  readonly by: string | null;
}

/** "Look again": a durable hint that services of a repository may be out of date. Says nothing about what to build. */
export interface Look {
  readonly id: number;
  readonly trigger: Trigger;
  readonly repository: string;
  /** Full ref name (`refs/heads/main`, `refs/tags/v1`); null: every branch that the services know. */
  readonly ref: string | null;
  /** Names of services; null: every service that uses the repository. */
  readonly services: readonly string[] | null;
  readonly before: string | null;
  readonly after: string | null;
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly dueAt: number;
  /** How many processes died with it in hand. */
  readonly deaths: number;
}
export type NewLook = Omit<Look, 'id' | 'attempt' | 'deaths'> & { readonly attempt?: number };

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

/** What a decision looked at, and what a build is made from. Equal keys: nothing to look at again. */
export interface Inputs {
  readonly head: string;
  /** Source kind and content of the packaging; `missing` where no Dockerfile was found. */
  readonly packaging: string;
  readonly settings: string;
  /** Image reference of each base that another service makes → the digest of its newest image. */
  readonly bases: Readonly<Record<string, string>>;
}

/** A base image of a service's Dockerfile, on one of its branches, that another service (or another branch of it) makes. */
export interface BaseEdge {
  readonly service: string;
  readonly branch: string;
  /** `host/name:tag`, the tag always given. */
  readonly reference: string;
  /** The service that makes it. */
  readonly base: string;
  /** The branch whose tag it is; null where the tag is none of a branch, and so never moves. */
  readonly baseBranch: string | null;
}

export type DeliveryStatus = 'accepted' | 'planned' | 'ignored' | 'failed';

/** Something that is no fault, but that somebody should know of a service. */
export interface Warning {
  readonly service: string;
  readonly message: string;
}

export interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly repository: string | null;
  /** Branch name, or `refs/tags/NAME`. */
  readonly branch: string | null;
  readonly before: string | null;
  readonly after: string | null;
  readonly receivedAt: number;
  readonly status: DeliveryStatus;
  readonly reason: string | null;
  /** Seen when it was decided on; undefined: none. */
  readonly warnings?: readonly Warning[];
  /** Id of the delivery whose look and decisions it shares; undefined: it has its own. */
  readonly joined?: string;
}

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

export interface Step {
  readonly name: string;
  readonly startedAt: number;
  readonly finishedAt: number | null;
}

export interface Image {
  readonly repository: string;
  readonly digest: string;
  /** Bare tag names, the version tag first. */
  readonly tags: readonly string[];
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
  /** Not decided again, not superseded: manual, retry, or with an artifact. */
  readonly forced: boolean;
  /** Built for its own sake (`builds: every-push`), even when it is no longer the head. */
  readonly everyPush: boolean;
  readonly noCache: boolean;
  /** Never reuse an existing image (manual rebuild, retry). */
  readonly fresh: boolean;
  readonly artifactId: string | null;
  /** Official version given by the call. */
  readonly version: string | null;
  readonly callbackUrl: string | null;
  readonly attempt: number;
  /** Do not start before (ms since the epoch): another attempt, or a burst of pushes. */
  readonly notBefore: number;
  /** The inputs that the decision looked at; replaced by what the build really read when it begins. */
  readonly inputs: Inputs;
  /** Whether `commit` was the branch's tip when the build began. Null until then. */
  readonly wasHead: boolean | null;
  /** The finished image on the engine, kept so that a push can be tried again without building. */
  readonly engineImage: string | null;
  /** Digest over everything that the build of `engineImage` could read. */
  readonly fingerprint: string | null;
  /** The build whose image this one reused. */
  readonly reusedFrom: string | null;
  /** How many processes died with it in hand. */
  readonly deaths: number;
}

type Asked = 'id' | 'service' | 'repository' | 'branch' | 'commit' | 'trigger' | 'reason' | 'queuedAt' | 'inputs';
type Wished = 'forced' | 'everyPush' | 'noCache' | 'fresh' | 'artifactId' | 'version' | 'callbackUrl';
export type NewBuild = Pick<Build, Asked | Wished> & { readonly notBefore?: number | undefined };

/** The newest successful build, on a branch, of a commit that was head when the build began. */
export interface Baseline {
  readonly buildId: string;
  readonly commit: string;
  readonly inputs: Inputs;
  readonly image: Image;
}

/** A file that Jenkins sent, kept with the commit and version that it was made from. */
export interface Artifact {
  readonly id: string;
  readonly service: string;
  readonly branch: string;
  readonly commit: string;
  readonly version: string | null;
  readonly sha256: string;
  readonly size: number;
  /** Path relative to the data directory. */
  readonly file: string;
  readonly receivedAt: number;
}

/** One file of a commit's tree, a central folder or a context. Paths are relative to the listed folder. */
export interface FileEntry {
  readonly path: string;
  /** As git has it: regular, executable, symbolic link. */
  readonly mode: '100644' | '100755' | '120000';
  /** Git blob id (SHA-1) of the content: equal ids, equal content. */
  readonly blob: string;
}

/** A line of a build's log with the step that printed it. */
export interface LogLine {
  readonly step: string | null;
  readonly text: string;
}
