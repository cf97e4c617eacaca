import type { Looks } from './contract.js';
import { lookColumns, lookOf } from './rows.js';
import type { Database } from './schema.js';

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
        .$if(except.length > 0, (query) => query.where('repository', 'not in', except))
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
        .set((eb) => ({ due_at: dueAt, attempt: eb('attempt', '+', 1) }))
        .where('id', '=', id)
        .execute();
    },
    async done(id) {
      await db.deleteFrom('looks').where('id', '=', id).execute();
    },
  };
}
