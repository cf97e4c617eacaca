import type { Log } from '../../log.js';
import type { Build } from '../../model/build.js';
import type { RecordedDecision } from '../../model/decision.js';
import { traceIdOf } from '../../trace-context.js';

/** Writes one log line, with the text of the reason. */
export function logDecision(log: Log, decision: RecordedDecision): void {
  const { service, branch, head, base, buildId, reason, trigger } = decision;
  log.info(
    {
      service,
      branch,
      head,
      base,
      build: buildId,
      trigger: trigger.kind,
      delivery: trigger.deliveryId,
      reason: reason.code,
    },
    `${decision.decision}: ${reason.message}`,
  );
}

/** As OpenTelemetry names it in logs. */
function traced(build: Build): { readonly trace_id?: string } {
  const id = traceIdOf(build);
  return id === null ? {} : { trace_id: id };
}

/** Likewise of a build that was queued, began or ended, with the error. */
export function logBuild(log: Log, build: Build): void {
  const { id, service, branch, commit, status, outcome, error, image, trigger, startedAt, finishedAt } = build;
  const took = startedAt !== null && finishedAt !== null ? { ms: finishedAt - startedAt } : {};
  const bindings = { build: id, service, branch, commit, delivery: trigger.deliveryId, ...traced(build), ...took };
  if (error !== null) {
    const { code, step, blame } = error;
    log.warn({ ...bindings, error: code, step, blame }, `build ${status}: ${error.message}`);
  } else if (image !== null) {
    log.info({ ...bindings, digest: image.digest, tags: image.tags }, `build ${status}: ${outcome ?? 'done'}`);
  } else {
    log.info(bindings, `build ${status}: ${build.reason.message}`);
  }
}
