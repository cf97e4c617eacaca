import type { Clock } from '../clock.js';
import type { Housekeeping } from './contract.js';
import { countDeaths } from './deaths.js';
import { recoverDeployments } from './deployment-attempts.js';
import { endQueued } from './end-build.js';
import { forgetCoveredCommits, forgetDecisions, forgetDeliveries } from './forget.js';
import { queuedStatus, runningStatus } from './in-flight.js';
import { removeOldLogs } from './logs.js';
import { returnToQueue } from './put-back.js';
import type { Database, InTransaction } from './schema.js';
import { clearMarks, removeEnded } from './workers.js';
import { waitsAt } from './waits.js';

/** No pause is longer than this. A longer one means the clock was set back. */
const MAX_PAUSE_MS = 600_000;

export function createHousekeeping(db: Database, clock: Pick<Clock, 'now'>, close: () => Promise<void>): Housekeeping {
  return {
    cancel: (id, now) => db.transaction().execute((trx) => cancel(trx, id, now)),
    recover: (worker) => db.transaction().execute((trx) => recover(trx, clock.now(), worker)),
    once: (key, requestHash, buildId) =>
      db.transaction().execute(async (trx) => {
        if (buildId !== null) {
          await trx
            .insertInto('idempotency_keys')
            .values({ key, request_hash: requestHash, build_id: buildId, created_at: clock.now() })
            .onConflict((conflict) => conflict.column('key').doNothing())
            .execute();
        }
        const stored = await trx.selectFrom('idempotency_keys').selectAll().where('key', '=', key).executeTakeFirst();
        if (stored === undefined) return { buildId };
        return stored.request_hash === requestHash ? { buildId: stored.build_id } : 'conflict';
      }),
    async key(key) {
      const stored = await db.selectFrom('idempotency_keys').selectAll().where('key', '=', key).executeTakeFirst();
      return stored ? { id: stored.build_id, requestHash: stored.request_hash } : null;
    },
    async load() {
      const rows = await db
        .selectFrom('builds')
        .select([
          'status',
          (eb) => eb.fn.countAll<number>().as('count'),
          (eb) => eb.fn.min('not_before').filterWhere('not_before', '>', clock.now()).as('paused_until'),
        ])
        .where('status', 'in', [queuedStatus, runningStatus])
        .groupBy('status')
        .execute();
      const of = (status: string) => rows.find((row) => row.status === status);
      const count = (status: string) => Number(of(status)?.count ?? 0);
      return { queued: count('queued'), running: count('running'), pausedUntil: of('queued')?.paused_until ?? null };
    },
    waits: (now, limit) => waitsAt(db, now, limit),
    async clean(before) {
      await db.deleteFrom('idempotency_keys').where('created_at', '<', before).execute();
      await removeOldLogs(db, before);
    },
    forgetDeliveries: (before) => forgetDeliveries(db, before),
    async forgetDecisions(before) {
      await forgetCoveredCommits(db, before);
      return forgetDecisions(db, before);
    },
    close,
  };
}

async function cancel(trx: InTransaction, id: string, now: number) {
  const row = await trx.selectFrom('builds').select('status').where('id', '=', id).executeTakeFirst();
  if (row === undefined) return null;
  if (row.status === 'queued') {
    await endQueued(trx, id, { status: 'canceled' }, now);
    return 'canceled';
  }
  if (row.status !== 'running') return 'already-ended';
  await trx.updateTable('builds').set({ cancel_requested: 1 }).where('id', '=', id).execute();
  return 'requested';
}

async function recover(trx: InTransaction, now: number, worker: string): Promise<readonly string[]> {
  await endOverlongPauses(trx, now);
  await countDeaths(trx, now, await removeEnded(trx, now));
  await clearMarks(trx);
  await recoverDeployments(trx);
  const abandoned = await trx
    .selectFrom('builds')
    .selectAll()
    .where('status', '=', runningStatus)
    .where((eb) =>
      eb.not(eb.exists(eb.selectFrom('workers').select('id').whereRef('workers.id', '=', 'builds.worker'))),
    )
    .orderBy('seq')
    .execute();
  const returned: string[] = [];
  for (const row of abandoned) {
    const wish = { now, notBefore: null, countsAsAttempt: false };
    if (await returnToQueue(trx, row, wish, worker)) returned.push(row.id);
  }
  return returned;
}

async function endOverlongPauses(trx: InTransaction, now: number): Promise<void> {
  const latest = now + MAX_PAUSE_MS;
  await trx.updateTable('looks').set({ due_at: now }).where('due_at', '>', latest).execute();
  await trx
    .updateTable('builds')
    .set({ not_before: now })
    .where('status', '=', queuedStatus)
    .where('not_before', '>', latest)
    .execute();
}
