import type { Clock } from '../clock.js';
import { LEASE_MS, type Workers } from './contract.js';
import { runningStatus } from './in-flight.js';
import type { OpenedDatabase } from './dialect.js';
import type { Database, InTransaction } from './schema.js';

/** The lease of a worker that is known to be dead, in milliseconds since the epoch. */
const DEAD_LEASE_MS = 0;

export function createWorkers({ db, withoutWaiting }: OpenedDatabase, clock: Pick<Clock, 'now'>): Workers {
  return {
    async join(worker) {
      const lease = { id: worker, lease_until: clock.now() + LEASE_MS };
      await withoutWaiting((trx) => trx.insertInto('workers').values(lease).execute());
    },
    // No lease outlives a power cut: opening the store ends them all.
    heartbeat: (worker) =>
      withoutWaiting(async (trx) => {
        const renewed = await trx
          .updateTable('workers')
          .set({ lease_until: clock.now() + LEASE_MS })
          .where('id', '=', worker)
          .returning('id')
          .executeTakeFirst();
        if (renewed === undefined) return null;
        return { ...(await runBy(trx, 'builds', worker)), deployments: await runBy(trx, 'deployments', worker) };
      }),
    leave: (worker) =>
      db.transaction().execute(async (trx) => {
        await trx.deleteFrom('workers').where('id', '=', worker).execute();
        await clearMarks(trx);
      }),
  };
}

/** The attempts that a worker runs, and which of them are to be canceled. */
async function runBy(trx: InTransaction, table: 'builds' | 'deployments', worker: string) {
  const rows = await trx
    .selectFrom(table)
    .select(['id', 'claim', 'cancel_requested'])
    .where('status', '=', runningStatus)
    .where('worker', '=', worker)
    .execute();
  const cancels = rows.filter((row) => row.cancel_requested === 1).map(({ id }) => id);
  return { owned: rows.map(({ id, claim }) => ({ id, claim })), cancels };
}

/** Ends all leases: no process that had one lives. */
export async function endLeases(db: Database): Promise<void> {
  await db.updateTable('workers').set({ lease_until: DEAD_LEASE_MS }).execute();
}

/** Removes the workers whose lease has ended. Resolves with the ids of those that are known to be dead. */
export async function removeEnded(trx: InTransaction, now: number): Promise<readonly string[]> {
  const ended = await trx
    .deleteFrom('workers')
    .where('lease_until', '<=', now)
    .returning(['id', 'lease_until'])
    .execute();
  return ended.filter((row) => row.lease_until === DEAD_LEASE_MS).map(({ id }) => id);
}

/** Clears the marks of workers that are gone on looks and queued builds. */
export async function clearMarks(trx: InTransaction): Promise<void> {
  await trx
    .updateTable('looks')
    .set({ worker: null, target: null })
    .where('worker', 'is not', null)
    .where((eb) => eb.not(eb.exists(eb.selectFrom('workers').select('id').whereRef('workers.id', '=', 'looks.worker'))))
    .execute();
  await trx
    .updateTable('builds')
    .set({ prepared_by: null })
    .where('prepared_by', 'is not', null)
    .where((eb) =>
      eb.not(eb.exists(eb.selectFrom('workers').select('id').whereRef('workers.id', '=', 'builds.prepared_by'))),
    )
    .execute();
}
