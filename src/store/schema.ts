import type { AuditTable } from './audit-schema.js';
import type { Generated, GeneratedAlways, Kysely, Selectable, Transaction } from 'kysely';
import type {
  DeploymentLogTable,
  DeploymentTable,
  DesiredHistoryTable,
  DesiredTable,
  FollowMarkTable,
  ReleaseVerdictTable,
  HoldTable,
} from './deployment-schema.js';
import type { DockerfileTable, LogChunkTable, StepTable } from './log-schema.js';
import type { AnnouncementTable, NoticeTable, RemarkTable } from './notice-schema.js';
import type {
  Flag,
  FormerNameTable,
  ReleaseCommitTable,
  ReleaseNumberTable,
  ReleaseTable,
  RunFileTable,
} from './release-schema.js';

export type { Flag } from './release-schema.js';

interface TriggerColumns {
  trigger_kind: string;
  trigger_delivery: string | null;
  trigger_by: string | null;
}

interface ReasonColumns {
  reason_code: string;
  reason_message: string;
  /** JSON array. */
  reason_paths: string;
  /** JSON array. */
  reason_patterns: string;
}

export interface DeliveryTable {
  seq: GeneratedAlways<number>;
  id: string;
  event: string;
  repository: string | null;
  branch: string | null;
  before_commit: string | null;
  after_commit: string | null;
  received_at: number;
  status: string;
  reason: string | null;
  /** JSON array, or null. */
  warnings: Generated<string | null>;
  /** Id of the delivery whose look it joined, or null. */
  joined: Generated<string | null>;
  traceparent: Generated<string | null>;
}

export interface LookTable extends TriggerColumns {
  id: GeneratedAlways<number>;
  repository: string;
  ref: string | null;
  /** JSON array. */
  services: string | null;
  before_commit: string | null;
  after_commit: string | null;
  attempt: number;
  due_at: number;
  /** How many processes died while they worked on it. */
  deaths: Generated<number>;
  /** The worker that works on it, or null. */
  worker: Generated<string | null>;
  /** JSON object: why its last attempt failed, or null. */
  waiting: Generated<string | null>;
  /** JSON object: its current target. Set for looks with a death. */
  target: Generated<string | null>;
  traceparent: Generated<string | null>;
  /** The `traceparent` of what led to it in another trace, or null. */
  trace_link: Generated<string | null>;
}

export interface DecisionTable extends TriggerColumns, ReasonColumns {
  id: GeneratedAlways<number>;
  service: string;
  branch: string;
  decision: string;
  base: string | null;
  head: string | null;
  build_id: string | null;
  inputs_key: string;
  relies_on: string | null;
  at: number;
}

export interface BuildTable extends TriggerColumns, ReasonColumns {
  seq: GeneratedAlways<number>;
  id: string;
  service: string;
  repository: string;
  branch: string;
  commit_id: string;
  status: string;
  outcome: Generated<string | null>;
  /** JSON object. */
  dockerfile: Generated<string | null>;
  /** Of the text in `dockerfiles`. Null: not known yet, or not kept any more. */
  dockerfile_digest: Generated<string | null>;
  image_repository: Generated<string | null>;
  image_digest: Generated<string | null>;
  /** JSON array. */
  image_tags: Generated<string | null>;
  /** JSON object. */
  error: Generated<string | null>;
  queued_at: number;
  started_at: Generated<number | null>;
  finished_at: Generated<number | null>;
  forced: Flag;
  every_push: Flag;
  no_cache: Flag;
  fresh: Flag;
  artifact_id: string | null;
  version: string | null;
  callback_url: string | null;
  attempt: Generated<number>;
  not_before: Generated<number>;
  /** `packaging` of the inputs. A column, because equal builds in flight are found by it. */
  packaging: string;
  /** JSON object. */
  inputs: string;
  was_head: Generated<Flag | null>;
  engine_image: Generated<string | null>;
  fingerprint: Generated<string | null>;
  reused_from: Generated<string | null>;
  /** JSON object, or null. */
  official: Generated<string | null>;
  /** JSON array, or null. */
  warnings: Generated<string | null>;
  /** JSON object, or null. */
  waiting: Generated<string | null>;
  worker: Generated<string | null>;
  /** Grows with each claim. */
  claim: Generated<number>;
  cancel_requested: Generated<Flag>;
  has_log: Generated<Flag>;
  /** How many processes died while they worked on it. */
  deaths: Generated<number>;
  /** The worker that prepares it while it is queued, or null. */
  prepared_by: Generated<string | null>;
  traceparent: Generated<string | null>;
}

export interface WorkerTable {
  id: string;
  /** 0: known to be dead. */
  lease_until: number;
}

export interface ArtifactTable {
  seq: GeneratedAlways<number>;
  id: string;
  service: string;
  branch: string;
  commit_id: string;
  version: string | null;
  sha256: string;
  size: number;
  file: string;
  received_at: number;
}

export interface ImageTable {
  build_id: string;
  service: string;
  repository: string;
  digest: string;
  fingerprint: string;
  built_at: number;
}

export interface TagTable {
  seq: GeneratedAlways<number>;
  repository: string;
  tag: string;
  kind: string;
  owner: string;
  digest: string | null;
  commit_id: string | null;
}

export interface IdempotencyKeyTable {
  key: string;
  request_hash: string;
  build_id: string;
  created_at: number;
}

export interface BaseTable {
  service: string;
  branch: string;
  reference: string;
  base: string;
  base_branch: string | null;
}

export interface MomentTable {
  name: string;
  at: number;
}

export interface SetAsideTable {
  id: GeneratedAlways<number>;
  kind: string;
  at: number;
  repository: string;
  ref: string | null;
  service: string | null;
  branch: string | null;
  commit_id: string | null;
  delivery: string | null;
  build_id: string | null;
}

export interface SeenTagsTable {
  repository: string;
  /** JSON array of pairs: tag, commit. */
  tags: string;
}

export interface MisreadTable {
  service: string;
  dockerfile: string;
  path: string;
  noticed_at: number;
}

export interface RegionDriftTable {
  service: string;
  branch: string;
  commit_id: string;
  rules: string;
  /** JSON array. */
  drift: string;
}

/** Every table, as of the newest migration. */
export interface Schema {
  deliveries: DeliveryTable;
  looks: LookTable;
  decisions: DecisionTable;
  bases: BaseTable;
  builds: BuildTable;
  workers: WorkerTable;
  steps: StepTable;
  log_chunks: LogChunkTable;
  dockerfiles: DockerfileTable;
  artifacts: ArtifactTable;
  images: ImageTable;
  tags: TagTable;
  seen_tags: SeenTagsTable;
  misreads: MisreadTable;
  region_drift: RegionDriftTable;
  set_aside: SetAsideTable;
  moments: MomentTable;
  release_numbers: ReleaseNumberTable;
  releases: ReleaseTable;
  run_files: RunFileTable;
  release_commits: ReleaseCommitTable;
  deployments: DeploymentTable;
  deployment_logs: DeploymentLogTable;
  desired: DesiredTable;
  desired_history: DesiredHistoryTable;
  release_verdicts: ReleaseVerdictTable;
  follow_marks: FollowMarkTable;
  former_names: FormerNameTable;
  holds: HoldTable;
  audit: AuditTable;
  announcements: AnnouncementTable;
  notices: NoticeTable;
  remarks: RemarkTable;
  idempotency_keys: IdempotencyKeyTable;
}

export type Database = Kysely<Schema>;
export type InTransaction = Transaction<Schema>;

export type DeliveryRow = Selectable<DeliveryTable>;
export type LookRow = Selectable<LookTable>;
export type DecisionRow = Selectable<DecisionTable>;
export type BuildRow = Selectable<BuildTable>;
export type StepRow = Selectable<StepTable>;
export type ArtifactRow = Selectable<ArtifactTable>;
export type ImageRow = Selectable<ImageTable>;
export type SetAsideRow = Selectable<SetAsideTable>;
export type TagTableRow = Selectable<TagTable>;
