import { RUNNING } from './in-flight.js';
import type { InTransaction } from './schema.js';

/** A lease that its worker gave back when it ended in good order. */
export const GIVEN_BACK = 0;

/** Counts a death for all that workers other than `alive` have in hand, and takes the marks of looks and queued builds away. */
export async function countDeaths(trx: InTransaction, now: number, alive: string): Promise<void> {
  await trx
    .updateTable('builds')
    .set((eb) => ({ deaths: eb('deaths', '+', 1) }))
    .where('status', '=', RUNNING)
    .where('worker', '!=', alive)
    .where('lease_until', '>', GIVEN_BACK)
    .execute();
  // One that began while its sources were read ahead has counted already.
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
