import { sql } from 'kysely';
import type { Accounts } from './accounts.js';
import type { Logs } from './contract.js';
import { forgetDockerfiles } from './dockerfiles.js';
import { chunkColumns, textFrom } from './log-chunk.js';
import type { Database, InTransaction } from './schema.js';

/** Logs that are removed in one transaction. Few, so that a delivery never waits long. */
const MAX_LOGS_TOGETHER = 20;

/** Logs as chunks, numbered from 0. */
export function createLogs(db: Database, accounts: Pick<Accounts, 'append'>): Logs {
  const chunks = (buildId: string, from: number) =>
    db
      .selectFrom('log_chunks')
      .select(chunkColumns)
      .where('build_id', '=', buildId)
      .where('number', '>=', from)
      .orderBy('number')
      .execute();
  return {
    append: (attempt, text, mark) => accounts.append(attempt, text, mark),
    read: async (buildId, from) => textFrom(from, await chunks(buildId, from)),
    chunks,
  };
}

/** Removes the logs of builds and deployments that ended before the time, and the Dockerfiles of these builds. Uses several transactions, because half the work does no harm. */
export async function removeOldLogs(db: Database, before: number): Promise<void> {
  await removeLogs(db, 'builds', before, async (trx, ids) => {
    await trx.deleteFrom('log_chunks').where('build_id', 'in', ids).execute();
    await forgetDockerfiles(trx, ids);
  });
  await removeLogs(db, 'deployments', before, (trx, ids) =>
    trx.deleteFrom('deployment_logs').where('deployment_id', 'in', ids).execute(),
  );
}

async function removeLogs(
  db: Database,
  table: 'builds' | 'deployments',
  before: number,
  removeChunks: (trx: InTransaction, ids: readonly string[]) => Promise<unknown>,
): Promise<void> {
  for (;;) {
    const removed = await db.transaction().execute(async (trx) => {
      const old = await trx
        .selectFrom(table)
        .select('id')
        .where('has_log', '=', sql.lit(1))
        .where('finished_at', '<', before)
        .limit(MAX_LOGS_TOGETHER)
        .execute();
      const ids = old.map(({ id }) => id);
      if (ids.length > 0) {
        await removeChunks(trx, ids);
        await trx.updateTable(table).set({ has_log: 0 }).where('id', 'in', ids).execute();
      }
      return ids.length;
    });
    if (removed < MAX_LOGS_TOGETHER) return;
  }
}
