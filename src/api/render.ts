import type { Build, Step } from '../model/build.js';
import type { Decision, Reason, RecordedDecision } from '../model/decision.js';
import type { Delivery } from '../model/delivery.js';
import type { WaitingFor } from '../model/waiting-for.js';
import type { Warning } from '../model/warning.js';
import { traceIdOf } from '../trace-context.js';
import type { Plan } from '../operations/contract.js';
import type { BuildJson, DecisionJson, DeliveryJson, ListedDecisionJson, WarningJson } from './schemas.js';

/** A build as the API shows it: times in ISO 8601, without internal fields. */
export function renderBuild(build: Build, waitingFor?: WaitingFor, position?: number): BuildJson {
  const { id, service, branch, commit, status, outcome, trigger, reason, dockerfile, image, error } = build;
  return {
    id,
    service,
    branch,
    commit,
    status,
    outcome,
    trigger: { kind: trigger.kind, deliveryId: trigger.deliveryId, by: trigger.by },
    reason: renderReason(reason),
    waitingFor: waitingFor ? renderWaiting(waitingFor) : null,
    position: position ?? null,
    attempt: build.attempt + 1,
    notBefore: build.notBefore === 0 ? null : iso(build.notBefore),
    wasHead: build.wasHead,
    reusedFrom: build.reusedFrom,
    warnings: build.warnings.map(renderWarning),
    dockerfile: dockerfile && { source: dockerfile.source, path: dockerfile.path, commit: dockerfile.commit },
    ...(build.official && { version: { value: build.official.value, from: build.official.from } }),
    image: image && { repository: image.repository, digest: image.digest, tags: [...image.tags] },
    error: error && {
      ...{ code: error.code, message: error.message, step: error.step },
      stepIndex: indexOfStep(build.steps, error.step),
      blame: error.blame,
    },
    queuedAt: iso(build.queuedAt),
    startedAt: isoOrNull(build.startedAt),
    finishedAt: isoOrNull(build.finishedAt),
    steps: build.steps.map(renderStep),
    traceId: traceIdOf(build),
  };
}

/** A decision as the API shows it. A planned one has no build. */
export function renderDecision(decision: Decision & { readonly buildId?: string | null }): DecisionJson {
  return {
    service: decision.service,
    branch: decision.branch,
    decision: decision.decision,
    reason: renderReason(decision.reason),
    base: decision.base,
    head: decision.head,
    buildId: decision.buildId ?? null,
  };
}

/** A recorded decision with when it was made and what led to it. */
export function renderListed(decision: RecordedDecision): ListedDecisionJson {
  const { kind, deliveryId, by } = decision.trigger;
  return {
    id: decision.id,
    ...renderDecision(decision),
    at: iso(decision.at),
    trigger: { kind, deliveryId, by },
    coveredBy: decision.reliesOn,
  };
}

/** Decisions that were not recorded, for the API and `slipway plan --json`. */
export function renderPlan({ decisions, warnings }: Plan): { decisions: DecisionJson[]; warnings?: WarningJson[] } {
  const shown = { decisions: decisions.map(renderDecision) };
  return warnings.length === 0 ? shown : { ...shown, warnings: warnings.map(renderWarning) };
}

/** A delivery of the ledger with its decisions. */
export function renderDelivery(
  delivery: Delivery,
  decisions: readonly RecordedDecision[],
  waitingFor?: WaitingFor,
): DeliveryJson {
  return {
    id: delivery.id,
    event: delivery.event,
    repository: delivery.repository,
    branch: delivery.branch,
    before: delivery.before,
    after: delivery.after,
    receivedAt: iso(delivery.receivedAt),
    status: delivery.status,
    reason: delivery.reason,
    ...(waitingFor && { waitingFor: renderWaiting(waitingFor) }),
    decisions: decisions.map(renderDecision),
    ...(delivery.warnings && { warnings: delivery.warnings.map(renderWarning) }),
  };
}

export function renderWarning({ service, message }: Warning): WarningJson {
  return { service, message };
}

function renderWaiting({ code, message, until }: WaitingFor): NonNullable<BuildJson['waitingFor']> {
  return { code, message, until: isoOrNull(until) };
}

function renderReason({ code, message, paths, patterns }: Reason): BuildJson['reason'] {
  return { code, message, paths: [...paths], patterns: [...patterns] };
}

function renderStep(step: Step): BuildJson['steps'][number] {
  const { name, kind, startedAt, finishedAt, cached, reused, line, dockerfile } = step;
  return {
    ...{ name, kind, startedAt: iso(startedAt), finishedAt: isoOrNull(finishedAt), cached, reused, line },
    dockerfile: dockerfile && { from: dockerfile.from, to: dockerfile.to },
  };
}

/** Of the newest one of that name. */
function indexOfStep(steps: readonly Step[], name: string | null): number | null {
  const index = name === null ? -1 : steps.findLastIndex((step) => step.name === name);
  return index < 0 ? null : index;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

function isoOrNull(time: number | null): string | null {
  return time === null ? null : iso(time);
}
