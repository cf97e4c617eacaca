import { isoTime } from '../iso-time.js';
import type { Deployment, HostPhase, Verification } from '../model/deployment.js';
import type { Origin } from '../model/parameters.js';
import type { RunFileFault } from '../model/run-file.js';
import type { WaitingFor } from '../model/waiting-for.js';
import { traceIdOf } from '../trace-context.js';
import type { DeploymentPlan, PlannedHost } from '../operations/deploy/contract.js';
import type { DeploymentJson, DeploymentPlanJson } from './deployment-schema.js';

const timeOf = (at: number | null): string | null => (at === null ? null : isoTime(at));

/** A deployment as the API shows it: times in ISO 8601, without internal fields. */
export function renderDeployment(deployment: Deployment, waitingFor?: WaitingFor): DeploymentJson {
  const { id, kind, service, environment, release, from, status, requester, approvals, error } = deployment;
  return {
    ...{ id, kind, service, environment, status },
    release: release && {
      number: release.number,
      branch: release.branch,
      commit: release.commit,
      tag: release.tag,
      digest: release.digest,
    },
    from: from && { number: from.number, tag: from.tag, digest: from.digest },
    waitingFor: waitingFor
      ? { code: waitingFor.code, message: waitingFor.message, until: timeOf(waitingFor.until) }
      : null,
    requestedBy: requester.by,
    approvals: approvals.map(({ by, at }) => ({ by, at: isoTime(at) })),
    reference: deployment.reference,
    reason: deployment.reason,
    force: deployment.force,
    hosts: deployment.hosts.map(({ host, state, verifications }) => ({
      host,
      state: isWhereItEnded(host, state, deployment) ? 'failed' : state,
      verifications: verifications.map(renderVerification),
    })),
    steps: deployment.steps.map(({ name, host, startedAt, finishedAt, line, failed = false }) => ({
      name,
      host,
      startedAt: isoTime(startedAt),
      finishedAt: timeOf(finishedAt),
      line: line ?? null,
      failed,
    })),
    warnings: [...deployment.warnings],
    error: error && {
      code: error.code,
      message: error.message,
      host: error.host,
      blame: error.blame,
      ...(error.faults.length > 0 && { faults: error.faults.map(renderFault) }),
    },
    createdAt: isoTime(deployment.createdAt),
    startedAt: timeOf(deployment.startedAt),
    finishedAt: timeOf(deployment.finishedAt),
    traceId: traceIdOf(deployment),
  };
}

/** Nothing goes on there: the host is where the deployment failed, and there was nothing to go back to. */
const isWhereItEnded = (host: string, state: HostPhase, { finishedAt, error }: Deployment): boolean =>
  finishedAt !== null && error?.host === host && (state === 'preparing' || state === 'verifying');

const renderVerification = ({ at, via, url, status, answer, expected, ok }: Verification) => ({
  ...{ at: isoTime(at), via, url, status, answer, expected, ok },
});

const renderFault = ({ code, message, file, line, column, setting }: RunFileFault) => ({
  ...{ code, message, file, line, column, setting },
});

/** A plan as the API shows it. */
export const renderDeploymentPlan = (plan: DeploymentPlan): DeploymentPlanJson => ({
  service: plan.service,
  environment: plan.environment,
  release: plan.release,
  hosts: plan.hosts.map((host) => renderHost(host, plan.runFileCommit)),
  commits: plan.commits.map(({ commit, subject, at }) => ({ commit, subject, at: isoTime(at) })),
  gates: plan.gates.map(({ code, message, until }) => ({ code, message, until: timeOf(until) })),
  drift: plan.drift.map(({ host, field, wanted, found }) => ({ host, field, wanted, found })),
  warnings: [...plan.warnings],
  faults: plan.faults.map(renderFault),
  rollbackTo: plan.rollbackTo,
});

const renderHost = (
  { host, action, image, parameters, interruptionSeconds }: PlannedHost,
  commit: string | null,
): DeploymentPlanJson['hosts'][number] => ({
  ...{ host, action, image: { from: image.from, to: image.to } },
  parameters: parameters.map(({ name, from, to, origin, secret }) => ({
    ...{ name, from, to, origin: origin && renderOrigin(origin, commit), secret },
  })),
  interruptionSeconds,
});

/** `commit`: of the run file. */
const renderOrigin = (origin: Origin, commit: string | null) =>
  origin.kind === 'file'
    ? { kind: origin.kind, path: origin.path, line: origin.line, commit }
    : { kind: origin.kind, path: null, line: null, commit: null };
