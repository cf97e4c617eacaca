import type { Look } from '../model/look.js';
import type { RecordedDecision } from '../model/decision.js';
import type { PlannedDecision } from '../store/contract.js';
import type { DecisionToRecord } from './planned-decision.js';
import { readRelease } from './releases.js';
import { announceChange, announceEnd } from './announce.js';
import type { QueueDeps } from './deps.js';

/** Records decisions and their builds in one transaction with the end of the look, then announces them. */
export async function recordPlan(
  look: Look | null,
  decisions: readonly DecisionToRecord[],
  deps: QueueDeps,
): Promise<readonly RecordedDecision[]> {
  const { store, clock, events } = deps;
  const deliveryId = look?.trigger.deliveryId ?? null;
  const plan = { look, deliveryId, decisions: await withReleases(decisions, deps) };
  const { recorded, queued, superseded, settled } = await store.decisions.record(plan, clock.now());
  for (const { decision, reason } of recorded) deps.metrics.decision(decision, reason.code);
  for (const id of queued) await announceQueued(id, deps);
  for (const id of superseded) await announceEnd(id, deps);
  if (superseded.length > 0) events.publish({ type: 'look' });
  for (const id of settled) await tellSettled(id, deps);
  deps.report.decided(recorded);
  return recorded;
}

async function tellSettled(id: string, { store, clock, events, metrics }: QueueDeps): Promise<void> {
  events.publish({ type: 'delivery', id, status: 'planned' });
  // The plan is recorded: a figure that is missing must not undo that.
  const delivery = await store.deliveries.get(id).catch(() => null);
  if (delivery !== null) metrics.decided((clock.now() - delivery.receivedAt) / 1000);
}

async function withReleases(
  decisions: readonly DecisionToRecord[],
  deps: QueueDeps,
): Promise<readonly PlannedDecision[]> {
  const planned: PlannedDecision[] = [];
  for (const { release, ...decision } of decisions)
    planned.push(release ? { ...decision, release: await readRelease(release, deps) } : decision);
  return planned;
}

/** A build that has already begun has announced itself. */
async function announceQueued(buildId: string, deps: QueueDeps): Promise<void> {
  const build = await deps.store.builds.get(buildId);
  if (build?.status === 'queued') announceChange(build, deps);
}
