import type { RecordedDecision } from '../model.js';
import { replaceBases } from './bases.js';
import type { PlannedDecision, PlanToRecord } from './contract.js';
import { endBuild } from './end-build.js';
import { latestQueued, sameInFlight } from './in-flight.js';
import { buildColumns, decisionColumns, decisionOf, lookColumns } from './rows.js';
import type { Database, InTransaction } from './schema.js';

/** See `Decisions.record`. */
export function recordPlan(db: Database, plan: PlanToRecord, now: number) {
  return db.transaction().execute(async (trx) => {
    const recorded: RecordedDecision[] = [];
    const superseded: string[] = [];
    for (const planned of plan.decisions) {
      const outcome = await applyToQueue(trx, planned, now);
      if (outcome.superseded !== null) superseded.push(outcome.superseded);
      const row = await trx
        .insertInto('decisions')
        .values(decisionColumns(planned, outcome.buildId, now))
        .returningAll()
        .executeTakeFirstOrThrow();
      if (planned.bases) await replaceBases(trx, planned.decision, planned.bases);
      recorded.push(decisionOf(row));
    }
    await endLook(trx, plan);
    return { recorded, superseded };
  });
}

interface QueueOutcome {
  readonly buildId: string | null;
  readonly superseded: string | null;
}

async function applyToQueue(trx: InTransaction, planned: PlannedDecision, now: number): Promise<QueueOutcome> {
  const { decision, build } = planned;
  if (build?.forced) {
    // Asked for by somebody, perhaps for an old commit: it says nothing about which commit of the branch is the newest.
    await trx.insertInto('builds').values(buildColumns(build)).execute();
    return { buildId: build.id, superseded: null };
  }
  const same = build === null ? null : await sameInFlight(trx, build);
  const waiting = await latestQueued(trx, decision);
  const isOutdated =
    build === null ? decision.head !== null && waiting?.commit_id !== decision.head : waiting?.id !== same;
  const superseded = waiting && isOutdated ? waiting.id : null;
  if (superseded !== null) await supersede(trx, superseded, planned, now);
  if (build !== null && same === null) await trx.insertInto('builds').values(buildColumns(build)).execute();
  return { buildId: same ?? build?.id ?? null, superseded };
}

async function supersede(
  trx: InTransaction,
  id: string,
  { build, lookAgain }: PlannedDecision,
  now: number,
): Promise<void> {
  await endBuild(trx, id, { status: 'superseded' }, now);
  if (build === null && lookAgain) await trx.insertInto('looks').values(lookColumns(lookAgain)).execute();
}

async function endLook(trx: InTransaction, { look, deliveryId }: PlanToRecord): Promise<void> {
  if (deliveryId !== null) {
    await trx.updateTable('deliveries').set({ status: 'planned', reason: null }).where('id', '=', deliveryId).execute();
  }
  if (look !== null) await trx.deleteFrom('looks').where('id', '=', look.id).execute();
}
