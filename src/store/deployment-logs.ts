import type { Attempt } from '../model/build.js';
import type { Deployments } from './contract.js';
import type { OpenedDatabase } from './dialect.js';
import { runningStatus } from './in-flight.js';
import { chunkColumns, lastColumns, nextChunks, textFrom, unmarked, type LogPiece } from './log-chunk.js';
import type { LogPlace } from './log-contract.js';
import type { InTransaction } from './schema.js';

/** Logs as chunks, numbered from 0. `limit` returns the maximum UTF-8 bytes of one. */
export function createDeploymentLogs(
  { db, withoutWaiting }: OpenedDatabase,
  limit: () => number,
): Pick<Deployments, 'log' | 'logChunks' | 'readLog'> {
  const logChunks = (id: string, from: number) =>
    db
      .selectFrom('deployment_logs')
      .select(chunkColumns)
      .where('deployment_id', '=', id)
      .where('number', '>=', from)
      .orderBy('number')
      .execute();
  return {
    log: (attempt, text, mark = unmarked) => withoutWaiting((trx) => appendTo(trx, attempt, { text, mark }, limit())),
    logChunks,
    readLog: async (id, from) => textFrom(from, await logChunks(id, from)),
  };
}

/** False if the attempt is lost. */
async function appendTo(
  trx: InTransaction,
  attempt: Attempt,
  piece: LogPiece,
  limit: number,
): Promise<LogPlace | false> {
  const row = await trx
    .selectFrom('deployments')
    .select('has_log')
    .where('id', '=', attempt.id)
    .where('status', '=', runningStatus)
    .where('claim', '=', attempt.claim)
    .executeTakeFirst();
  if (row === undefined) return false;
  if (piece.text === '') return nowhere;
  const last = await trx
    .selectFrom('deployment_logs')
    .select(lastColumns)
    .where('deployment_id', '=', attempt.id)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const [chunk] = nextChunks(last, [piece], limit);
  if (chunk === undefined) return nowhere;
  if (row.has_log === 0)
    await trx.updateTable('deployments').set({ has_log: 1 }).where('id', '=', attempt.id).execute();
  await trx
    .insertInto('deployment_logs')
    .values({ deployment_id: attempt.id, ...chunk.columns })
    .execute();
  return { line: chunk.firstLine };
}

/** Nothing was appended. */
const nowhere: LogPlace = { line: null };
