import { sql } from 'kysely';
import type { DeployedRelease, DeploymentKind, DeploymentStatus } from '../model/deployment.js';
import type { Deployments, PairOf, Standing } from './contract.js';
import { parse } from './deployment-rows.js';
import { pieces } from './pieces.js';
import type { Database } from './schema.js';
import { wantedOf, type Wanted } from './wanted.js';

/** How services stand in environments, for lists of many. */
export function createStandings(db: Database): Pick<Deployments, 'standings'> {
  return {
    async standings(pairs) {
      const found: Standing[] = [];
      for (const some of pieces(pairs)) {
        const wanted = some.map(({ environment, service }) => [environment, service] as const);
        found.push(...(await standingsOf(db, wantedOf(['environment', 'service'], wanted))));
      }
      return found;
    },
  };
}

interface StandingRow extends PairOf {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly requested_by: string;
  readonly created_at: number;
  readonly maker: string | null;
  readonly newer: number | null;
  /** JSON, or null. */
  readonly release: string | null;
  readonly blocked: number | null;
}

/** A git tag has one commit, so it has no newer release. */
async function standingsOf(db: Database, wanted: Wanted): Promise<readonly Standing[]> {
  const { rows } = await sql<StandingRow>`${wanted}
    select last.environment, last.service, last.id, last.kind, last.status, last.requested_by, last.created_at,
      last.release, verdict.blocked,
      maker.requested_by as maker,
      case when release.branch not like 'refs/tags/%' then (
        select count(*) from releases as newer
        where newer.service = release.service and newer.branch = release.branch and newer.of_head = 1
        and newer.number > release.number
      ) end as newer
    from wanted
    cross join deployments as last on last.seq = (
      select newest.seq from deployments as newest
      where newest.environment = wanted.environment and newest.service = wanted.service
      order by newest.seq desc limit 1
    )
    left join release_verdicts as verdict on verdict.service = last.service and verdict.number = last.release_number
      and verdict.environment = last.environment
    left join desired on desired.environment = wanted.environment and desired.service = wanted.service
    left join deployments as maker on maker.id = desired.deployment_id
    left join releases as release on release.service = desired.service and release.number = desired.release_number`.execute(
    db,
  );
  return rows.map(({ environment, service, id, kind, status, maker, newer, ...row }) => ({
    ...{ environment, service, desiredBy: maker, newer },
    last: {
      ...{ id, kind: kind as DeploymentKind, status: status as DeploymentStatus },
      ...{ by: row.requested_by, at: row.created_at },
      ...{ release: nameOf(row.release), blocked: row.blocked === 1 },
    },
  }));
}

function nameOf(json: string | null): Standing['last']['release'] {
  if (json === null) return null;
  const { number, tag } = parse<DeployedRelease>(json);
  return { number, tag };
}
