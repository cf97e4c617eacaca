import { sql } from 'kysely';
import type { WaitedOut, WaitingFor } from '../model/waiting-for.js';
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
    async postpone(id, dueAt, waitedOut) {
      const waiting = waitedOut === undefined ? null : JSON.stringify(waitedOut);
      await db
        .updateTable('looks')
        .set((eb) => ({ due_at: dueAt, attempt: eb('attempt', '+', 1), worker: null, target: null, waiting }))
        .where('id', '=', id)
        .execute();
    },
    waiting: (deliveryIds) => waitingFor(db, deliveryIds),
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

async function waitingFor(db: Database, deliveryIds: readonly string[]): Promise<ReadonlyMap<string, WaitingFor>> {
  const rows = await db
    .selectFrom('looks')
    .select(['trigger_delivery', 'due_at', 'waiting'])
    .where('trigger_delivery', 'in', deliveryIds)
    .where('waiting', 'is not', null)
    .execute();
  return new Map(
    rows.flatMap(({ trigger_delivery: id, waiting, due_at: until }): [string, WaitingFor][] =>
      id === null || waiting === null ? [] : [[id, { ...(JSON.parse(waiting) as WaitedOut), until }]],
    ),
  );
}
