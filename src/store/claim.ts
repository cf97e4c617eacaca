import { sql, type RawBuilder } from 'kysely';
import { foundations, unfinishedBelow } from './claim-rules.js';
import { SUSPECT_DEATHS, type Claimable } from './contract.js';
import { queuedStatus } from './in-flight.js';
import type { Database } from './schema.js';

/**
 * Makes the oldest build that may start another attempt of the worker, if that has a lease. One statement, so that two claims never take
 * the same build. The unique index over running builds guards the rest.
 */
export function claimOldest(db: Database, worker: string, now: number, which?: Claimable) {
  return db
    .updateTable('builds')
    .set((eb) => ({ status: 'running', worker, claim: eb('claim', '+', 1), started_at: now }))
    .where('status', '=', queuedStatus)
    .where('seq', 'in', oldest(now, 1, fitting(which)))
    .where((eb) =>
      eb.exists(eb.selectFrom('workers').select('id').where('id', '=', worker).where('lease_until', '>', now)),
    )
    .returningAll()
    .executeTakeFirst();
}

/** The builds without deaths that `claimOldest` could take, in its order. */
export const peekOldest = (db: Database, now: number, limit: number) =>
  db
    .selectFrom('builds')
    .selectAll()
    .where('seq', 'in', oldest(now, limit, sql`and waiting.deaths = 0`))
    .orderBy('seq')
    .execute();

function fitting(which: Claimable | undefined): RawBuilder<unknown> {
  if (which === undefined) return sql``;
  if (which.suspects) return sql`and waiting.deaths >= ${SUSPECT_DEATHS}`;
  const few = sql`and waiting.deaths < ${SUSPECT_DEATHS}`;
  const except = [...which.except];
  return except.length === 0 ? few : sql`${few} and lower(waiting.repository) not in (${sql.join(except)})`;
}

/** See `Builds.line`. */
export async function lineOf(db: Database, now: number): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly id: string }>`
    ${foundations}
    select waiting.id from builds as waiting where waiting.status = 'queued'
    order by case when ${mayStart(now)} then 0 else 1 end, waiting.seq
  `.execute(db);
  return rows.map(({ id }) => id);
}

/** A condition on a queued build `waiting`: its service runs none and, unless it is forced, its bases are finished. */
const mayStart = (now: number): RawBuilder<boolean> => sql`waiting.not_before <= ${now}
    and not exists (
      select other.id from builds as other where other.status = 'running' and other.service = waiting.service
    )
    and (waiting.forced = 1 or not exists (
      select below.base from foundations as below where ${unfinishedBelow}
    ))`;

/** The oldest queued builds whose service runs none and, unless forced, whose bases are finished. */
function oldest(now: number, limit: number, fits: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`(
    ${foundations}
    select waiting.seq from builds as waiting
    where waiting.status = 'queued' ${fits} and ${mayStart(now)}
    order by waiting.seq limit ${limit}
  )`;
}
