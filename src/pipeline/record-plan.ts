import type { Look, RecordedDecision } from '../model.js';
import type { PlannedDecision } from '../store/contract.js';
import type { PipelineDeps } from './deps.js';

/** Records decisions with their builds, in one transaction with the end of the look, and tells whoever listens. */
export async function recordPlan(
  look: Look | null,
  decisions: readonly PlannedDecision[],
  deps: PipelineDeps,
): Promise<readonly RecordedDecision[]> {
  const { store, clock, events } = deps;
  const deliveryId = look?.trigger.deliveryId ?? null;
  const { recorded, superseded } = await store.decisions.record({ look, deliveryId, decisions }, clock.now());
  for (const decision of recorded) announce(decision, deps);
  for (const id of superseded) {
    const build = await store.builds.get(id);
    if (build)
      events.publish({ type: 'build', id, service: build.service, branch: build.branch, status: 'superseded' });
  }
  if (deliveryId !== null) events.publish({ type: 'delivery', id: deliveryId, status: 'planned' });
  deps.report.decided(recorded);
  return recorded;
}

function announce(recorded: RecordedDecision, { log, metrics, events }: PipelineDeps): void {
  const { service, branch, decision, reason, buildId, head, trigger } = recorded;
  const bindings = { service, branch, head, build: buildId, delivery: trigger.deliveryId, reason: reason.code };
  log.info(bindings, `${decision} ${service}@${branch}: ${reason.message}`);
  metrics.decided(reason.code, trigger.kind);
  if (buildId) events.publish({ type: 'build', id: buildId, service, branch, status: 'queued' });
}
