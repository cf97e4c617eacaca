import type { NewBuild } from '../model/build.js';
import type { RecordedDecision } from '../model/decision.js';
import { announce } from './announce.js';
import { replaceBases } from './bases.js';
import type { PlannedDecision, PlanToRecord, RecordedPlan } from './contract.js';
import type { OpenedDatabase } from './dialect.js';
import { settleDelivery } from './deliveries.js';
import { endQueued } from './end-build.js';
import { InFlight } from './in-flight.js';
import { releaseHeads } from './make-release.js';
import { buildColumns, decisionColumns, lookColumns } from './rows.js';
import type { InTransaction } from './schema.js';

/** Rows in one statement: SQLite binds at most 32,766 values. */
const MAX_ROWS_TOGETHER = 500;

/** See `Decisions.record`. */
export function recordPlan(
  { db, withoutWaiting }: OpenedDatabase,
  plan: PlanToRecord,
  now: number,
): Promise<RecordedPlan> {
  const record = (trx: InTransaction) => recordIn(trx, plan, now);
  // After a power cut the look is there again as long as its results are not on the disk.
  return plan.look === null ? db.transaction().execute(record) : withoutWaiting(record);
}

async function recordIn(trx: InTransaction, plan: PlanToRecord, now: number): Promise<RecordedPlan> {
  const { decisions } = plan;
  const changes: QueueChanges = { trx, now, queued: [], superseded: [] };
  const inFlight = await InFlight.of(
    trx,
    decisions.map(({ decision }) => decision.service),
  );
  const buildIds: (string | null)[] = [];
  for (const planned of decisions) buildIds.push(await applyToQueue(planned, inFlight, changes));
  await replaceBases(trx, decisions.flatMap(standing));
  const recorded = await insertDecisions(trx, decisions, buildIds, now);
  await releaseHeads(
    trx,
    decisions.flatMap(({ release }) => release ?? []),
    now,
  );
  await announce(trx, 'delivery', skippedPushes(decisions));
  const settled = await endLook(trx, plan);
  return { recorded, queued: changes.queued, superseded: changes.superseded, settled };
}

/** Pushes that build nothing for some service. What is built announces itself. */
const skippedPushes = (decisions: readonly PlannedDecision[]): readonly string[] => [
  ...new Set(
    decisions.flatMap(({ decision, trigger: { kind, deliveryId } }) =>
      decision.decision === 'skip' && kind === 'push' && deliveryId !== null ? [deliveryId] : [],
    ),
  ),
];

const standing = ({ decision: { service, branch }, bases: edges }: PlannedDecision) =>
  edges === undefined ? [] : [{ service, branch, edges }];

interface QueueChanges {
  readonly trx: InTransaction;
  readonly now: number;
  /** Ids of builds. */
  readonly queued: string[];
  readonly superseded: string[];
}

/** Resolves with the id of the build that makes the image, or null. */
async function applyToQueue(
  planned: PlannedDecision,
  inFlight: InFlight,
  changes: QueueChanges,
): Promise<string | null> {
  const { decision, build } = planned;
  // Somebody asked for it, perhaps for an old commit: it does not say which commit of the branch is the newest.
  if (build?.forced) return queue(build, inFlight, changes);
  const same = build === null ? null : inFlight.same(build);
  const waiting = inFlight.waiting(decision);
  const isOutdated =
    build === null ? decision.head !== null && waiting?.commit_id !== decision.head : waiting?.id !== same;
  if (waiting && isOutdated) {
    await supersede(waiting.id, planned, changes);
    inFlight.ended(decision, waiting.id);
  }
  if (build === null) return null;
  if (same === null) return queue(build, inFlight, changes);
  await join(same, build, inFlight, changes);
  return same;
}

/**
 * Joins a build in flight: its end is reported to the new caller too (a build keeps one address, the first). With `builds: every-push` it
 * now waits even if it is no longer the newest.
 */
async function join(id: string, build: NewBuild, inFlight: InFlight, { trx }: QueueChanges): Promise<void> {
  const { callbackUrl, everyPush } = build;
  if (callbackUrl !== null) {
    const without = trx.updateTable('builds').where('id', '=', id).where('callback_url', 'is', null);
    await without.set({ callback_url: callbackUrl }).execute();
  }
  if (everyPush) {
    const latest = trx.updateTable('builds').where('id', '=', id).where('forced', '=', 0);
    await latest.set({ every_push: 1 }).execute();
    inFlight.stays(build, id);
  }
}

async function queue(build: NewBuild, inFlight: InFlight, { trx, queued }: QueueChanges): Promise<string> {
  await trx.insertInto('builds').values(buildColumns(build)).execute();
  inFlight.queued(build);
  queued.push(build.id);
  return build.id;
}

async function supersede(
  id: string,
  { build, lookAgain }: PlannedDecision,
  { trx, now, superseded }: QueueChanges,
): Promise<void> {
  await endQueued(trx, id, { status: 'superseded' }, now);
  if (build === null && lookAgain) await trx.insertInto('looks').values(lookColumns(lookAgain)).execute();
  superseded.push(id);
}

/** Ids grow in the order of the rows, but the database may return them in another order. */
async function insertDecisions(
  trx: InTransaction,
  decisions: readonly PlannedDecision[],
  buildIds: readonly (string | null)[],
  at: number,
): Promise<readonly RecordedDecision[]> {
  const rows = decisions.map((planned, index) => decisionColumns(planned, buildIds[index] ?? null, at));
  const ids: number[] = [];
  for (let from = 0; from < rows.length; from += MAX_ROWS_TOGETHER) {
    const inserted = await trx
      .insertInto('decisions')
      .values(rows.slice(from, from + MAX_ROWS_TOGETHER))
      .returning('id')
      .execute();
    ids.push(...inserted.map(({ id }) => id).sort((a, b) => a - b));
  }
  return decisions.map(({ decision, trigger, inputsKey, reliesOn }, index) => {
    const [id = 0, buildId = null] = [ids[index], buildIds[index]];
    return { ...decision, id, trigger, buildId, inputsKey, reliesOn, at };
  });
}

async function endLook(trx: InTransaction, { look, deliveryId }: PlanToRecord): Promise<readonly string[]> {
  if (look !== null) await trx.deleteFrom('looks').where('id', '=', look.id).execute();
  return deliveryId === null ? [] : settleDelivery(trx, deliveryId, 'planned', null);
}
