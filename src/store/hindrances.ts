import { sql } from 'kysely';
import type { Hindrance } from './contract.js';
import type { Database } from './schema.js';

interface Row {
  readonly id: string;
  readonly busy: string | null;
  readonly base: string | null;
}

/** See `Builds.hindrances`. The same rules as those of a claim (claim.ts), for the given builds. */
export async function hindrancesOf(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, Hindrance>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<Row>`
    with recursive foundations(service, branch, base, base_branch) as (
      select bases.service, bases.branch, bases.base, bases.base_branch
      from bases join builds on builds.service = bases.service and builds.branch = bases.branch
      where builds.status = 'queued' and bases.base_branch is not null
      union
      select above.service, above.branch, bases.base, bases.base_branch
      from foundations as above join bases on bases.service = above.base and bases.branch = above.base_branch
      where bases.base_branch is not null
    )
    select waiting.id,
    (select other.id from builds as other where other.status = 'running' and other.service = waiting.service limit 1) as busy,
    (
      select min(below.base || ' on ' || below.base_branch) from foundations as below
      where waiting.forced = 0 and below.service = waiting.service and below.branch = waiting.branch
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
    ) as base
    from builds as waiting where waiting.status = 'queued' and waiting.id in (${sql.join([...ids])})
  `.execute(db);
  return new Map(
    rows.flatMap(({ id, busy, base }): [string, Hindrance][] => {
      if (busy !== null) return [[id, { code: 'service-busy', by: busy }]];
      return base === null ? [] : [[id, { code: 'base-building', by: base }]];
    }),
  );
}
