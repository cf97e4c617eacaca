import { FATAL_DEATHS } from './contract.js';
import { endAttempt } from './end-build.js';
import { latestQueued } from './in-flight.js';
import { forgetSteps } from './steps.js';
import type { BuildRow, InTransaction } from './schema.js';

export interface Return {
  readonly now: number;
  /** Null: unchanged. */
  readonly notBefore: number | null;
  readonly countsAsAttempt: boolean;
}

/**
 * Takes a running build from its worker and puts it back in the queue. Results stay (a finished image only needs its push); the attempt's
 * own state goes. It ends instead if it is to be canceled, or if a newer build of the branch waits, because one build for the newest head
 * is enough. A build with its last death becomes another attempt of the worker `heir`, which has to end it: then false.
 */
export async function returnToQueue(
  trx: InTransaction,
  row: BuildRow,
  wish: Return,
  heir: string | null = null,
): Promise<boolean> {
  const end = await endInstead(trx, row);
  if (end !== null) {
    await endAttempt(trx, row, { status: end }, wish.now);
    return true;
  }
  if (heir !== null && row.deaths >= FATAL_DEATHS) {
    const taken = { worker: heir, claim: row.claim + 1 };
    await trx.updateTable('builds').set(taken).where('id', '=', row.id).execute();
    return false;
  }
  await forgetSteps(trx, row.id);
  await trx
    .updateTable('builds')
    .set({
      status: 'queued',
      started_at: null,
      was_head: null,
      worker: null,
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
