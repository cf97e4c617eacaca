import { sql, type RawBuilder, type SqlBool, type UpdateObject } from 'kysely';
import type { Attempt } from '../model/build.js';
import type { NewRelease } from '../model/release.js';
import { announce } from './announce.js';
import { queuedStatus, runningStatus } from './in-flight.js';
import type { InTransaction, Schema } from './schema.js';

type End = UpdateObject<Schema, 'builds'> & { readonly status: 'succeeded' | 'failed' | 'canceled' | 'superseded' };

/** What has ended. */
type EndedBuild = Pick<NewRelease, 'service' | 'branch' | 'commit' | 'ofHead'>;

/** Ends a build that is still queued. Null if it is not. */
export const endQueued = (trx: InTransaction, id: string, end: End, now: number) =>
  endWhere(trx, id, sql<SqlBool>`status = ${queuedStatus}`, end, now);

/** Ends a build that still runs under that claim. Null if it does not. */
export const endAttempt = (trx: InTransaction, { id, claim }: Attempt, end: End, now: number) =>
  endWhere(trx, id, sql<SqlBool>`status = ${runningStatus} and claim = ${claim}`, end, now);

/** Closes its open steps, too. An end is final. */
async function endWhere(
  trx: InTransaction,
  id: string,
  stillIs: RawBuilder<SqlBool>,
  end: End,
  now: number,
): Promise<EndedBuild | null> {
  const ended = await trx
    .updateTable('builds')
    .set({ ...end, finished_at: await momentOf(trx, id, end.status, now), worker: null })
    .where('id', '=', id)
    .where(stillIs)
    .returning(['service', 'branch', 'commit_id', 'was_head'])
    .executeTakeFirst();
  if (ended === undefined) return null;
  await trx
    .updateTable('steps')
    .set({ finished_at: now })
    .where('build_id', '=', id)
    .where('finished_at', 'is', null)
    .execute();
  await announce(trx, 'build', [id]);
  const { service, branch, commit_id: commit, was_head: wasHead } = ended;
  return { service, branch, commit, ofHead: wasHead === 1 };
}

/**
 * The newest end is the baseline. If the clock was set back, a success is dated just after the previous one. Nothing ends before it began.
 */
async function momentOf(trx: InTransaction, id: string, status: End['status'], now: number): Promise<number> {
  const build = await trx
    .selectFrom('builds')
    .select(['service', 'branch', 'started_at'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (build === undefined) return now;
  const moment = Math.max(now, build.started_at ?? now);
  if (status !== 'succeeded') return moment;
  const last = await trx
    .selectFrom('builds')
    .select('finished_at')
    .where('service', '=', build.service)
    .where('branch', '=', build.branch)
    .where('status', '=', sql.lit('succeeded'))
    .where('was_head', '=', sql.lit(1))
    .orderBy('finished_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return Math.max(moment, (last?.finished_at ?? 0) + 1);
}
