import type { Attempt } from '../model/build.js';
import type { Deployments } from './contract.js';
import type { OpenedDatabase } from './dialect.js';
import { runningStatus } from './in-flight.js';
import { nextChunk } from './log-chunk.js';
import type { InTransaction } from './schema.js';

/** Logs as chunks, numbered from 0. `limit` returns the maximum UTF-8 bytes of one. */
export function createDeploymentLogs(
  { db, withoutWaiting }: OpenedDatabase,
  limit: () => number,
): Pick<Deployments, 'log' | 'readLog'> {
  return {
    log: (attempt, text) => withoutWaiting((trx) => appendTo(trx, attempt, text, limit())),
    async readLog(id, from) {
      const chunks = await db
        .selectFrom('deployment_logs')
        .select(['number', 'text'])
        .where('deployment_id', '=', id)
        .where('number', '>=', from)
        .orderBy('number')
        .execute();
      const last = chunks.at(-1);
      return { text: chunks.map(({ text }) => text).join(''), next: last ? last.number + 1 : from };
    },
  };
}

/** False if the attempt is lost. */
async function appendTo(trx: InTransaction, attempt: Attempt, text: string, limit: number): Promise<boolean> {
  const row = await trx
    .selectFrom('deployments')
    .select('has_log')
    .where('id', '=', attempt.id)
    .where('status', '=', runningStatus)
    .where('claim', '=', attempt.claim)
    .executeTakeFirst();
  if (row === undefined) return false;
  if (text === '') return true;
  const last = await trx
    .selectFrom('deployment_logs')
    .select(['number', 'bytes', 'is_full'])
    .where('deployment_id', '=', attempt.id)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const chunk = nextChunk(last, text, limit);
  if (chunk === null) return true;
  if (row.has_log === 0)
    await trx.updateTable('deployments').set({ has_log: 1 }).where('id', '=', attempt.id).execute();
  await trx
    .insertInto('deployment_logs')
    .values({ deployment_id: attempt.id, ...chunk })
    .execute();
  return true;
}
