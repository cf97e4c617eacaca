import { sql } from 'kysely';
import { foundations, unfinishedBelow } from './claim-rules.js';
import type { Hindrance } from './contract.js';
import type { Database } from './schema.js';

interface Row {
  readonly id: string;
  readonly busy: string | null;
  readonly base: string | null;
}

/** See `Builds.hindrances`. The rules are those of a claim. */
export async function hindrancesOf(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, Hindrance>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<Row>`
    ${foundations}
    select waiting.id,
    (select other.id from builds as other where other.status = 'running' and other.service = waiting.service limit 1) as busy,
    (
      select min(below.base || ' on ' || below.base_branch) from foundations as below
      where waiting.forced = 0 and ${unfinishedBelow}
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
