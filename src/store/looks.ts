import { sql } from 'kysely';
import { SUSPECT_DEATHS, type Looks } from './contract.js';
import { lookColumns, lookOf } from './rows.js';
import type { Database } from './schema.js';

/** GitHub's names are case-insensitive. */
export const lowerRepository = sql<string>`lower(repository)`;

export function createLooks(db: Database): Looks {
  return {
    async add(look) {
      const row = await db.insertInto('looks').values(lookColumns(look)).returningAll().executeTakeFirstOrThrow();
      return lookOf(row);
    },
    async due(now, limit, except) {
      const rows = await db
        .selectFrom('looks')
        .selectAll()
        .where('due_at', '<=', now)
        .where('deaths', '<', SUSPECT_DEATHS)
        .$if(except.length > 0, (query) => query.where(lowerRepository, 'not in', except))
        .orderBy('due_at')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(lookOf);
    },
    async nextDueAt(except) {
      const row = await db
        .selectFrom('looks')
        .select('due_at')
        .$if(except.length > 0, (query) => query.where('id', 'not in', except))
        .orderBy('due_at')
        .limit(1)
        .executeTakeFirst();
      return row?.due_at ?? null;
    },
    async postpone(id, dueAt) {
      await db
        .updateTable('looks')
        .set((eb) => ({ due_at: dueAt, attempt: eb('attempt', '+', 1), worker: null, target: null }))
        .where('id', '=', id)
        .execute();
    },
    async done(id) {
      await db.deleteFrom('looks').where('id', '=', id).execute();
    },
    async isSwept(repository) {
      const row = await db
        .selectFrom('looks')
        .select('id')
        .where('repository', '=', repository)
        .where('ref', 'is', null)
        .where('services', 'is', null)
        .where('trigger_kind', '=', 'sweep')
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}
