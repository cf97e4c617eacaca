import type { Insertable } from 'kysely';
import type { Artifact } from '../model/artifact.js';
import type { Build, BuildError, BuildStatus, DockerfilePlace, NewBuild, Outcome } from '../model/build.js';
import type { Decision, Reason, ReasonCode, RecordedDecision } from '../model/decision.js';
import type { Delivery, DeliveryStatus } from '../model/delivery.js';
import type { Image } from '../model/image.js';
import type { Inputs } from '../model/inputs.js';
import type { Look, NewLook } from '../model/look.js';
import type { Trigger, TriggerKind } from '../model/trigger.js';
import type { WaitedOut } from '../model/waiting-for.js';
import type { Warning } from '../model/warning.js';
import { stepOf } from './steps.js';
import type { KnownImage, PlannedDecision, SetAside, TagKind, TagRow } from './contract.js';
import type {
  ArtifactRow,
  BuildRow,
  BuildTable,
  DecisionRow,
  DecisionTable,
  DeliveryRow,
  DeliveryTable,
  Flag,
  ImageRow,
  LookRow,
  LookTable,
  SetAsideRow,
  StepRow,
  TagTableRow,
} from './schema.js';

/* Converts rows to the model and back. Only this folder writes the database, so values are not checked again. */

export function flag(value: boolean): Flag {
  return value ? 1 : 0;
}

function parse<T>(json: string): T {
  return JSON.parse(json) as T;
}

function parseOrNull<T>(json: string | null): T | null {
  return json === null ? null : parse<T>(json);
}

/** The trace of a row, if it has one. */
export const tracedBy = ({ traceparent }: Pick<BuildRow, 'traceparent'>): { readonly traceparent?: string } =>
  traceparent === null ? {} : { traceparent };

function triggerColumns(trigger: Trigger) {
  return { trigger_kind: trigger.kind, trigger_delivery: trigger.deliveryId, trigger_by: trigger.by };
}

function triggerOf(row: ReturnType<typeof triggerColumns> | LookRow | DecisionRow | BuildRow): Trigger {
  return { kind: row.trigger_kind as TriggerKind, deliveryId: row.trigger_delivery, by: row.trigger_by };
}

function reasonColumns(reason: Reason) {
  return {
    reason_code: reason.code,
    reason_message: reason.message,
    reason_paths: JSON.stringify(reason.paths),
    reason_patterns: JSON.stringify(reason.patterns),
  };
}

function reasonOf(row: DecisionRow | BuildRow): Reason {
  return {
    code: row.reason_code as ReasonCode,
    message: row.reason_message,
    paths: parse(row.reason_paths),
    patterns: parse(row.reason_patterns),
  };
}

export function deliveryColumns(delivery: Delivery): Insertable<DeliveryTable> {
  return {
    id: delivery.id,
    event: delivery.event,
    repository: delivery.repository,
    branch: delivery.branch,
    before_commit: delivery.before,
    after_commit: delivery.after,
    received_at: delivery.receivedAt,
    status: delivery.status,
    reason: delivery.reason,
    traceparent: delivery.traceparent ?? null,
  };
}

export function deliveryOf(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    event: row.event,
    repository: row.repository,
    branch: row.branch,
    before: row.before_commit,
    after: row.after_commit,
    receivedAt: row.received_at,
    status: row.status as DeliveryStatus,
    reason: row.reason,
    ...(row.warnings !== null && { warnings: parse<readonly Warning[]>(row.warnings) }),
    ...(row.joined !== null && { joined: row.joined }),
    ...tracedBy(row),
  };
}

export function lookColumns(look: NewLook): Insertable<LookTable> {
  return {
    ...triggerColumns(look.trigger),
    repository: look.repository,
    ref: look.ref,
    services: look.services === null ? null : JSON.stringify(look.services),
    before_commit: look.before,
    after_commit: look.after,
    attempt: look.attempt ?? 0,
    due_at: look.dueAt,
    traceparent: look.traceparent ?? null,
    trace_link: look.traceLink ?? null,
  };
}

export function lookOf(row: LookRow): Look {
  return {
    id: row.id,
    trigger: triggerOf(row),
    repository: row.repository,
    ref: row.ref,
    services: parseOrNull(row.services),
    before: row.before_commit,
    after: row.after_commit,
    attempt: row.attempt,
    dueAt: row.due_at,
    deaths: row.deaths,
    ...tracedBy(row),
    ...(row.trace_link !== null && { traceLink: row.trace_link }),
  };
}

export function decisionColumns(
  planned: PlannedDecision,
  buildId: string | null,
  at: number,
): Insertable<DecisionTable> {
  const { decision, trigger, inputsKey, reliesOn } = planned;
  return {
    service: decision.service,
    branch: decision.branch,
    decision: decision.decision,
    ...reasonColumns(decision.reason),
    base: decision.base,
    head: decision.head,
    ...triggerColumns(trigger),
    build_id: buildId,
    inputs_key: inputsKey,
    relies_on: reliesOn,
    at,
  };
}

export function decisionOf(row: DecisionRow): RecordedDecision {
  return {
    id: row.id,
    service: row.service,
    branch: row.branch,
    decision: row.decision as Decision['decision'],
    reason: reasonOf(row),
    base: row.base,
    head: row.head,
    trigger: triggerOf(row),
    buildId: row.build_id,
    inputsKey: row.inputs_key,
    reliesOn: row.relies_on,
    at: row.at,
  };
}

export function inputsColumns(inputs: Inputs) {
  return { packaging: inputs.packaging, inputs: JSON.stringify(inputs) };
}

export function buildColumns(build: NewBuild): Insertable<BuildTable> {
  return {
    id: build.id,
    service: build.service,
    repository: build.repository,
    branch: build.branch,
    commit_id: build.commit,
    status: 'queued',
    ...triggerColumns(build.trigger),
    ...reasonColumns(build.reason),
    queued_at: build.queuedAt,
    forced: flag(build.forced),
    every_push: flag(build.everyPush),
    no_cache: flag(build.noCache),
    fresh: flag(build.fresh),
    artifact_id: build.artifactId,
    version: build.version,
    callback_url: build.callbackUrl,
    not_before: build.notBefore ?? 0,
    traceparent: build.traceparent ?? null,
    ...inputsColumns(build.inputs),
  };
}

export function buildOf(row: BuildRow, steps: readonly StepRow[]): Build {
  return {
    id: row.id,
    service: row.service,
    repository: row.repository,
    branch: row.branch,
    commit: row.commit_id,
    status: row.status as BuildStatus,
    outcome: row.outcome as Outcome | null,
    trigger: triggerOf(row),
    reason: reasonOf(row),
    dockerfile: parseOrNull<DockerfilePlace>(row.dockerfile),
    image: imageOf(row),
    error: parseOrNull<BuildError>(row.error),
    queuedAt: row.queued_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    steps: steps.map(stepOf),
    forced: row.forced === 1,
    everyPush: row.every_push === 1,
    noCache: row.no_cache === 1,
    fresh: row.fresh === 1,
    artifactId: row.artifact_id,
    version: row.version,
    callbackUrl: row.callback_url,
    attempt: row.attempt,
    claim: row.claim,
    notBefore: row.not_before,
    inputs: inputsOf(row),
    wasHead: row.was_head === null ? null : row.was_head === 1,
    engineImage: row.engine_image,
    fingerprint: row.fingerprint,
    reusedFrom: row.reused_from,
    deaths: row.deaths,
    official: parseOrNull(row.official),
    warnings: parseOrNull<readonly Warning[]>(row.warnings) ?? [],
    waitedOut: parseOrNull<WaitedOut>(row.waiting),
    ...tracedBy(row),
  };
}

export function inputsOf(row: Pick<BuildRow, 'inputs'>): Inputs {
  return parse(row.inputs);
}

/** The image of a successful build, or null. */
export function imageOf(row: Pick<BuildRow, 'image_repository' | 'image_digest' | 'image_tags'>): Image | null {
  const { image_repository: repository, image_digest: digest, image_tags: tags } = row;
  if (repository === null || digest === null || tags === null) return null;
  return { repository, digest, tags: parse(tags) };
}

export function artifactOf(row: ArtifactRow): Artifact {
  const { seq: _seq, commit_id: commit, received_at: receivedAt, ...same } = row;
  return { ...same, commit, receivedAt };
}

export function knownImageOf(row: ImageRow): KnownImage {
  const { build_id: buildId, built_at: builtAt, ...same } = row;
  return { ...same, buildId, builtAt };
}

export function setAsideOf(row: SetAsideRow): SetAside {
  const { id, kind, at, repository, ref, service, branch, commit_id: commit } = row;
  const target = service === null || branch === null || commit === null ? null : { service, branch, commit };
  const of = { deliveryId: row.delivery, buildId: row.build_id };
  return { id, kind: kind as SetAside['kind'], at, repository, ref, target, ...of };
}

export function tagOf(row: TagTableRow): TagRow {
  const { seq: _seq, kind, commit_id: commit, ...same } = row;
  return { ...same, kind: kind as TagKind, commit };
}
