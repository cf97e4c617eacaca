import { sql } from 'kysely';

/**
 * A `with` clause: everything that queued builds stand on, directly or not, as `foundations`. `union` drops duplicates, so circles end.
 */
export const foundations = sql`with recursive foundations(service, branch, base, base_branch) as (
      select bases.service, bases.branch, bases.base, bases.base_branch
      from bases join builds on builds.service = bases.service and builds.branch = bases.branch
      where builds.status = 'queued' and bases.base_branch is not null
      union
      select above.service, above.branch, bases.base, bases.base_branch
      from foundations as above join bases on bases.service = above.base and bases.branch = above.base_branch
      where bases.base_branch is not null
    )`;

/**
 * A condition on a queued build `waiting` and a row `below` of `foundations`: the build has to wait for that base. Builds in a circle do not
 * wait for each other: each finds itself below the other (`back`). A base is unfinished from the look that will decide on it, but only at
 * that look's first attempt: a postponed look may wait long.
 */
export const unfinishedBelow = sql`below.service = waiting.service and below.branch = waiting.branch
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
      )`;
