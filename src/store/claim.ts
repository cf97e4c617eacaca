import { sql, type RawBuilder } from 'kysely';
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

/**
 * The oldest queued builds whose service runs none and, unless forced, whose bases are finished. `foundations` holds everything that queued
 * builds stand on, directly or not; `union` drops duplicates, so circles end. Builds in a circle do not wait for each other: each finds
 * itself below the other (`back`). A base is unfinished from the look that will decide on it, but only at that look's first attempt: a
 * postponed look may wait long.
 */
function oldest(now: number, limit: number, fits: RawBuilder<unknown>): RawBuilder<number> {
  return sql<number>`(
    with recursive foundations(service, branch, base, base_branch) as (
      select bases.service, bases.branch, bases.base, bases.base_branch
      from bases join builds on builds.service = bases.service and builds.branch = bases.branch
      where builds.status = 'queued' and bases.base_branch is not null
      union
      select above.service, above.branch, bases.base, bases.base_branch
      from foundations as above join bases on bases.service = above.base and bases.branch = above.base_branch
      where bases.base_branch is not null
    )
    select waiting.seq from builds as waiting
    where waiting.status = 'queued' and waiting.not_before <= ${now} ${fits}
    and not exists (
      select other.id from builds as other where other.status = 'running' and other.service = waiting.service
    )
    and (waiting.forced = 1 or not exists (
      select below.base from foundations as below
      where below.service = waiting.service and below.branch = waiting.branch
      and not exists (
        select back.base from foundations as back
        where back.service = below.base and back.branch = below.base_branch
        and back.base = waiting.service and back.base_branch = waiting.branch
      )
      and (
        exists (
          select making.id from builds as making
          where making.service = below.base and making.branch = below.base_branch
          and making.status in ('queued', 'running')
        )
        or exists (
          select coming.id from looks as coming
          where coming.attempt = 0 and coming.services like '%"' || below.base || '"%'
        )
      )
    ))
    order by waiting.seq limit ${limit}
  )`;
}
