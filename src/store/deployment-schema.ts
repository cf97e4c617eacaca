import type { Generated, GeneratedAlways, Selectable } from 'kysely';
import type { ChunkColumns } from './log-schema.js';
import type { Flag } from './release-schema.js';

export interface DeploymentTable {
  seq: GeneratedAlways<number>;
  id: string;
  kind: string;
  service: string;
  environment: string;
  /** JSON object, or null. */
  release: string | null;
  /** `number` of the release. A column, because deployments are found by it. */
  release_number: number | null;
  /** JSON object, or null. It holds secrets: only `specification` and `desired` read it. */
  specification: string | null;
  /** JSON object, or null: what was desired when it was asked for. */
  came_from: string | null;
  /** The release that a rollback leaves though it is not desired: that of the deployment that ran when it was asked for. */
  leaves: number | null;
  status: string;
  /** JSON object, or null. */
  waiting: Generated<string | null>;
  not_before: Generated<number>;
  requested_by: string;
  by_person: Flag;
  /** JSON array. */
  approvals: Generated<string>;
  reference: string | null;
  reason: string | null;
  forced: Flag;
  /** JSON array of names. */
  adopt: string;
  /** JSON array of containers. */
  adopted: Generated<string>;
  use_kept: Flag;
  removes: Flag;
  callback_url: string | null;
  /** JSON array, or null. */
  only_hosts: string | null;
  build_id: string | null;
  build_branch: string | null;
  /** JSON array. */
  hosts: Generated<string>;
  /** JSON array. */
  steps: Generated<string>;
  /** JSON array. */
  warnings: string;
  /** JSON object, or null. */
  error: Generated<string | null>;
  created_at: number;
  /** When its first attempt began. Not null: hosts may be changed already. */
  started_at: Generated<number | null>;
  finished_at: Generated<number | null>;
  worker: Generated<string | null>;
  /** Grows with each claim. */
  claim: Generated<number>;
  cancel_requested: Generated<Flag>;
  turned_back: Generated<string | null>;
  /** JSON array of names, or null. */
  active_before: Generated<string | null>;
  /** `waits` or `passed`, or null. */
  gate: Generated<string | null>;
  has_log: Generated<Flag>;
  traceparent: Generated<string | null>;
}

export interface DeploymentLogTable extends ChunkColumns {
  deployment_id: string;
}

export interface DesiredTable {
  environment: string;
  service: string;
  /** JSON object. */
  release: string;
  release_number: number;
  /** The deployment whose specification is desired. */
  deployment_id: string;
  wanted: string;
  /** JSON object: see `readBehind`. */
  behind: string;
  since: number;
}

/** The releases that were desired of a pair, as a stack: the present one is the newest row. A rollback removes those that it leaves. */
export interface DesiredHistoryTable {
  seq: GeneratedAlways<number>;
  environment: string;
  service: string;
  release_number: number;
  deployment_id: string;
}

export interface HoldTable {
  environment: string;
  by: string;
  reason: string;
  until: number | null;
}

/** How far a service in an environment has followed its branch. */
export interface FollowMarkTable {
  environment: string;
  service: string;
  /** Null: it follows none at present. */
  branch: string | null;
  /** The highest number of a release that was settled there by following. */
  number: number;
}

export interface ReleaseVerdictTable {
  service: string;
  number: number;
  environment: string;
  verdict: string;
  blocked: Flag;
  code: string | null;
  at: number;
  deployment_id: string;
}

/** A row without what holds secrets. */
export type DeploymentRow = Omit<
  Selectable<DeploymentTable>,
  'specification' | 'leaves' | 'adopted' | 'worker' | 'has_log'
>;
export type VerdictRow = Selectable<ReleaseVerdictTable>;
