import { sql } from 'kysely';
import type { Build, NewBuild } from '../model.js';
import type { InTransaction } from './schema.js';

/** Written out in the statement, not bound: only so can the database see that an index over queued (or running) builds fits. */
export const QUEUED = sql.lit('queued');
export const RUNNING = sql.lit('running');

type Place = Pick<Build, 'service' | 'branch'>;

/** Id of a queued or running build that makes the same image: same commit, same packaging; null where there is none. */
export async function sameInFlight(trx: InTransaction, build: NewBuild): Promise<string | null> {
  const row = await trx
    .selectFrom('builds')
    .select('id')
    .where('service', '=', build.service)
    .where('branch', '=', build.branch)
    .where('status', 'in', [QUEUED, RUNNING])
    .where('commit_id', '=', build.commit)
    .where('packaging', '=', build.inputs.packaging)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** The one build of the branch that waits only because its commit was the newest; see `one_queued_build_of_a_branch`. */
export function latestQueued(trx: InTransaction, { service, branch }: Place) {
  return trx
    .selectFrom('builds')
    .select(['id', 'commit_id'])
    .where('service', '=', service)
    .where('branch', '=', branch)
    .where('status', '=', QUEUED)
    .where('forced', '=', sql.lit(0))
    .where('every_push', '=', sql.lit(0))
    .executeTakeFirst();
}
