import { runningStatus } from './in-flight.js';
import type { InTransaction } from './schema.js';

/** Counts a death for all work in progress of these workers, and clears the marks of looks and queued builds. */
export async function countDeaths(trx: InTransaction, now: number, dead: readonly string[]): Promise<void> {
  if (dead.length === 0) return;
  await trx
    .updateTable('builds')
    .set((eb) => ({ deaths: eb('deaths', '+', 1) }))
    .where('status', '=', runningStatus)
    .where('worker', 'in', dead)
    .execute();
  // A build that began during its preparation has already been counted.
  await trx
    .updateTable('builds')
    .set((eb) => ({
      deaths: eb
        .case()
        .when('status', '=', 'queued')
        .then(eb('deaths', '+', 1))
        .else(eb.ref('deaths'))
        .end(),
      prepared_by: null,
    }))
    .where('prepared_by', 'in', dead)
    .execute();
  await trx
    .updateTable('looks')
    .set((eb) => ({
      deaths: eb('deaths', '+', 1),
      due_at: eb.case().when('due_at', '>', now).then(now).else(eb.ref('due_at')).end(),
      worker: null,
    }))
    .where('worker', 'in', dead)
    .execute();
}
