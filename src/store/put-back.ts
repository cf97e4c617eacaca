import { FATAL_DEATHS } from './contract.js';
import { endBuild } from './end-build.js';
import { latestQueued } from './in-flight.js';
import type { BuildRow, InTransaction } from './schema.js';

export interface Return {
  readonly now: number;
  /** Null: as it was. */
  readonly notBefore: number | null;
  readonly countsAsAttempt: boolean;
}

/** How long a worker has for the end of a build that it takes over, in milliseconds. */
const TAKEN_OVER_MS = 60_000;

/**
 * Takes a running build off its worker and puts it back into the queue. What it found out stays (a finished image is only to be
 * pushed); what belongs to the attempt goes. It ends instead where somebody asked to cancel it, or where a newer build of the branch
 * waits already: of those that stand for the newest head, one is enough. One with its last death is taken over by the worker `alive`, who
 * is to end it: then false.
 */
export async function returnToQueue(
  trx: InTransaction,
  row: BuildRow,
  wish: Return,
  alive: string | null = null,
): Promise<boolean> {
  const end = await endInstead(trx, row);
  if (end !== null) {
    await endBuild(trx, row.id, { status: end }, wish.now);
    return true;
  }
  if (alive !== null && row.deaths >= FATAL_DEATHS) {
    const taken = { worker: alive, lease_until: wish.now + TAKEN_OVER_MS };
    await trx.updateTable('builds').set(taken).where('id', '=', row.id).execute();
    return false;
  }
  await trx.deleteFrom('steps').where('build_id', '=', row.id).execute();
  await trx
    .updateTable('builds')
    .set({
      status: 'queued',
      started_at: null,
      was_head: null,
      worker: null,
      lease_until: null,
      not_before: wish.notBefore ?? row.not_before,
      attempt: row.attempt + (wish.countsAsAttempt ? 1 : 0),
    })
    .where('id', '=', row.id)
    .execute();
  return true;
}

async function endInstead(trx: InTransaction, row: BuildRow): Promise<'canceled' | 'superseded' | null> {
  if (row.cancel_requested === 1) return 'canceled';
  const standsForHead = row.forced === 0 && row.every_push === 0;
  return standsForHead && (await latestQueued(trx, row)) !== undefined ? 'superseded' : null;
}
