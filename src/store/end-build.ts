import type { UpdateObject } from 'kysely';
import { QUEUED, RUNNING } from './in-flight.js';
import type { InTransaction, Schema } from './schema.js';

type End = UpdateObject<Schema, 'builds'> & { readonly status: 'succeeded' | 'failed' | 'canceled' | 'superseded' };

/** Ends a queued or running build and closes what is open of it. False where it had ended before: an end is final. */
export async function endBuild(trx: InTransaction, id: string, end: End, now: number): Promise<boolean> {
  const ended = await trx
    .updateTable('builds')
    .set({ ...end, finished_at: now, worker: null, lease_until: null })
    .where('id', '=', id)
    .where('status', 'in', [QUEUED, RUNNING])
    .returning('id')
    .executeTakeFirst();
  if (ended === undefined) return false;
  await trx
    .updateTable('steps')
    .set({ finished_at: now })
    .where('build_id', '=', id)
    .where('finished_at', 'is', null)
    .execute();
  return true;
}
