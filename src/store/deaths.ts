import { runningStatus } from './in-flight.js';
import type { InTransaction } from './schema.js';

/** A lease that its worker returned when it ended normally. */
export const GIVEN_BACK = 0;

/** Counts a death for all work in progress of workers other than `alive`, and clears the marks of looks and queued builds. */
export async function countDeaths(trx: InTransaction, now: number, alive: string): Promise<void> {
  await trx
    .updateTable('builds')
    .set((eb) => ({ deaths: eb('deaths', '+', 1) }))
    .where('status', '=', runningStatus)
    .where('worker', '!=', alive)
    .where('lease_until', '>', GIVEN_BACK)
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
    .where('prepared_by', 'is not', null)
    .where('prepared_by', '!=', alive)
    .execute();
  await trx
    .updateTable('looks')
    .set((eb) => ({
      deaths: eb('deaths', '+', 1),
      due_at: eb.case().when('due_at', '>', now).then(now).else(eb.ref('due_at')).end(),
      worker: null,
    }))
    .where('worker', 'is not', null)
    .where('worker', '!=', alive)
    .execute();
}
