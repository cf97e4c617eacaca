import { sql } from 'kysely';
import { SlipwayError } from '../errors.js';
import type { Logs } from './contract.js';
import { groupCommit } from './group-commit.js';
import type { Database, InTransaction } from './schema.js';

interface Append {
  readonly buildId: string;
  readonly text: string;
}

const GROUP_LIMIT = 1000;
/** Builds whose logs are removed in one transaction, so that cleaning never holds up a delivery for long. */
const REMOVED_AT_ONCE = 20;

/** Logs as chunks, numbered from 0; `limit` gives the number of UTF-8 bytes that one build's log may have. */
export function createLogs(db: Database, limit: () => number): Logs {
  const submit = groupCommit(
    (group: readonly Append[]) =>
      db.transaction().execute(async (trx) => {
        const known = new Map<string, boolean>();
        for (const [buildId, text] of joined(group)) known.set(buildId, await appendChunk(trx, buildId, text, limit()));
        return group.map(({ buildId }) => known.get(buildId) === true);
      }),
    GROUP_LIMIT,
  );
  return {
    async append(buildId, text) {
      if (text === '' || (await submit({ buildId, text }))) return;
      throw new SlipwayError('unknown-build', `There is no build ${buildId} to log for.`);
    },
    async read(buildId, from) {
      const chunks = await db
        .selectFrom('log_chunks')
        .select(['number', 'text'])
        .where('build_id', '=', buildId)
        .where('number', '>=', from)
        .orderBy('number')
        .execute();
      const last = chunks.at(-1);
      return { text: chunks.map(({ text }) => text).join(''), next: last ? last.number + 1 : from };
    },
  };
}

function joined(group: readonly Append[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { buildId, text } of group) texts.set(buildId, (texts.get(buildId) ?? '') + text);
  return texts;
}

/** False where there is no such build: others of the group are not to suffer for it. */
async function appendChunk(trx: InTransaction, buildId: string, text: string, limit: number): Promise<boolean> {
  const last = await trx
    .selectFrom('log_chunks')
    .select(['number', 'bytes', 'is_full'])
    .where('build_id', '=', buildId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last?.is_full) return true;
  if (last === undefined && !(await beginLog(trx, buildId))) return false;
  const before = last?.bytes ?? 0;
  const size = Buffer.byteLength(text);
  const fits = before + size <= limit;
  const kept = fits ? text : beginning(text, limit - before) + droppedLine(limit);
  await trx
    .insertInto('log_chunks')
    .values({
      build_id: buildId,
      number: (last?.number ?? -1) + 1,
      text: kept,
      bytes: fits ? before + size : limit,
      is_full: fits ? 0 : 1,
    })
    .execute();
  return true;
}

/** Marks the build as one that has a log; false where there is no such build. */
async function beginLog(trx: InTransaction, buildId: string): Promise<boolean> {
  const row = await trx
    .updateTable('builds')
    .set({ has_log: 1 })
    .where('id', '=', buildId)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** As much of the text as fits into so many bytes, without half a character, and with its last line ended. */
function beginning(text: string, bytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(Math.min(bytes, 3 * text.length)));
  const kept = text.slice(0, read);
  return kept === '' || kept.endsWith('\n') ? kept : `${kept}\n`;
}

function droppedLine(limit: number): string {
  return `The log has reached its limit of ${limit} bytes (limits.log); the rest was dropped.\n`;
}

/** Removes the logs of builds that ended before the time. In several transactions: half of the work done is no harm. */
export async function removeOldLogs(db: Database, before: number): Promise<void> {
  for (;;) {
    const removed = await db.transaction().execute(async (trx) => {
      const old = await trx
        .selectFrom('builds')
        .select('id')
        .where('has_log', '=', sql.lit(1))
        .where('finished_at', '<', before)
        .limit(REMOVED_AT_ONCE)
        .execute();
      const ids = old.map(({ id }) => id);
      if (ids.length > 0) {
        await trx.deleteFrom('log_chunks').where('build_id', 'in', ids).execute();
        await trx.updateTable('builds').set({ has_log: 0 }).where('id', 'in', ids).execute();
      }
      return ids.length;
    });
    if (removed < REMOVED_AT_ONCE) return;
  }
}
