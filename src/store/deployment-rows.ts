import type { Insertable } from 'kysely';
import type {
  DeployedRelease,
  Deployment,
  DeploymentKind,
  DeploymentStatus,
  DeploymentStep,
  Desired,
  NewDeployment,
} from '../model/deployment.js';
import { readBehind } from './behind.js';
import type { Verdict } from './deployment-contract.js';
import type { DeploymentRow, DeploymentTable, VerdictRow } from './deployment-schema.js';
import { flag, tracedBy } from './rows.js';

/* Converts rows of deployments to the model and back. Only this folder writes the database, so values are not checked again. */

/** The columns of a deployment. Its specification is not among them: it holds secrets, and may be large. */
export const deploymentColumns = [
  'seq',
  'id',
  'kind',
  'service',
  'environment',
  'release',
  'release_number',
  'came_from',
  'status',
  'waiting',
  'not_before',
  'requested_by',
  'by_person',
  'approvals',
  'reference',
  'reason',
  'forced',
  'adopt',
  'use_kept',
  'removes',
  'callback_url',
  'only_hosts',
  'build_id',
  'build_branch',
  'hosts',
  'steps',
  'warnings',
  'error',
  'created_at',
  'started_at',
  'finished_at',
  'claim',
  'cancel_requested',
  'turned_back',
  'active_before',
  'gate',
  'traceparent',
] as const;

/** Kinds that make their own release desired. If one fails, its release gets a verdict, also where a host is to blame. */
export const isAboutRelease = (kind: string): boolean => ['deployment', 'rollback', 'adopt'].includes(kind);

export const parse = <T>(json: string): T => JSON.parse(json) as T;

const parseOrNull = <T>(json: string | null): T | null => (json === null ? null : parse<T>(json));

export const jsonOrNull = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

/** Of a deployment that is not stored yet. `from`: what is desired. */
export function newDeploymentColumns(
  deployment: NewDeployment,
  from: Deployment['from'],
  now: number,
): Insertable<DeploymentTable> {
  const { release, specification, requester, build, only } = deployment;
  return {
    id: deployment.id,
    kind: deployment.kind,
    service: deployment.service,
    environment: deployment.environment,
    release: jsonOrNull(release),
    release_number: release?.number ?? null,
    specification: jsonOrNull(specification),
    came_from: jsonOrNull(from),
    leaves: null,
    status: 'pending',
    requested_by: requester.by,
    by_person: flag(requester.person),
    reference: deployment.reference,
    reason: deployment.reason,
    forced: flag(deployment.force),
    adopt: JSON.stringify(deployment.adopt),
    use_kept: flag(deployment.useKept),
    removes: flag(deployment.removes),
    callback_url: deployment.callbackUrl,
    only_hosts: jsonOrNull(only),
    build_id: build?.id ?? null,
    build_branch: build?.branch ?? null,
    warnings: JSON.stringify(deployment.warnings),
    created_at: now,
    traceparent: deployment.traceparent ?? null,
  };
}

export function deploymentOf(row: DeploymentRow): Deployment {
  const { build_id: buildId, build_branch: buildBranch } = row;
  return {
    id: row.id,
    kind: row.kind as DeploymentKind,
    service: row.service,
    environment: row.environment,
    release: parseOrNull(row.release),
    from: parseOrNull(row.came_from),
    status: row.status as DeploymentStatus,
    waitedOut: parseOrNull(row.waiting),
    notBefore: row.not_before,
    requester: { by: row.requested_by, person: row.by_person === 1 },
    approvals: parse(row.approvals),
    reference: row.reference,
    reason: row.reason,
    force: row.forced === 1,
    adopt: parse(row.adopt),
    useKept: row.use_kept === 1,
    removes: row.removes === 1,
    callbackUrl: row.callback_url,
    only: parseOrNull(row.only_hosts),
    build: buildId === null || buildBranch === null ? null : { id: buildId, branch: buildBranch },
    hosts: parse(row.hosts),
    steps: parse(row.steps),
    warnings: parse(row.warnings),
    error: parseOrNull(row.error),
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    claim: row.claim,
    cancelRequested: row.cancel_requested === 1,
    activeBefore: parseOrNull(row.active_before),
    turnedBack: row.turned_back as Deployment['turnedBack'],
    gate: row.gate as Deployment['gate'],
    ...tracedBy(row),
  };
}

/** The steps of a deployment that has ended: none is open. */
export const closedSteps = (json: string, now: number): string =>
  JSON.stringify(
    parse<readonly DeploymentStep[]>(json).map((step) => ({ ...step, finishedAt: step.finishedAt ?? now })),
  );

/** A row of `desired` with the specification of its deployment. */
export interface DesiredRow {
  readonly environment: string;
  readonly service: string;
  readonly release: string;
  readonly deployment_id: string;
  readonly specification: string;
  readonly wanted: string;
  readonly behind: string;
  readonly since: number;
}

export function desiredOf(row: DesiredRow): Desired {
  const behind = readBehind(row);
  return {
    environment: row.environment,
    service: row.service,
    release: parse<DeployedRelease>(row.release),
    deploymentId: row.deployment_id,
    specification: parse(row.specification),
    wanted: row.wanted as Desired['wanted'],
    behind: [...behind.keys()],
    ...(behind.size > 0 && { seenUntil: Object.fromEntries(behind) }),
    since: row.since,
  };
}

export function verdictOf({ verdict, blocked, code, at, deployment_id: deploymentId }: VerdictRow): Verdict {
  return {
    verdict: verdict as Verdict['verdict'],
    blocked: blocked === 1,
    code: code as Verdict['code'],
    at,
    deploymentId,
  };
}
