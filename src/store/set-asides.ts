import { sql } from 'kysely';
import type { Look } from '../model/look.js';
import { FATAL_DEATHS, SUSPECT_DEATHS, type BuildEnd, type LookEnd, type LookTarget } from './contract.js';
import type { SetAsides } from './contract.js';
import { withSteps } from './builds.js';
import { settleDelivery } from './deliveries.js';
import { queuedStatus, runningStatus } from './in-flight.js';
import { lowerRepository } from './looks.js';
import { lookColumns, lookOf, setAsideOf } from './rows.js';
import type { Database, InTransaction, LookRow } from './schema.js';

/** Written into the statement, not bound: only then does the database use an index on deaths. */
const never = sql.lit(0);

export function createSetAsides(db: Database): SetAsides {
  return {
    async touched() {
      const looks = db.selectFrom('looks').select(lowerRepository.as('repository')).where('deaths', '>', never);
      const builds = db
        .selectFrom('builds')
        .select(lowerRepository.as('repository'))
        .where('deaths', '>', never)
        .where('status', 'in', [queuedStatus, runningStatus]);
      return (await looks.unionAll(builds).execute()).map(({ repository }) => repository);
    },
    async suspect(now, except) {
      const row = await db
        .selectFrom('looks')
        .selectAll()
        .where('due_at', '<=', now)
        .where('deaths', '>', never)
        .where('deaths', '>=', SUSPECT_DEATHS)
        .$if(except.length > 0, (query) => query.where(lowerRepository, 'not in', except))
        .orderBy('due_at')
        .orderBy('id')
        .limit(1)
        .executeTakeFirst();
      return row ? lookOf(row) : null;
    },
    async fatal(worker) {
      const builds = await db
        .selectFrom('builds')
        .selectAll()
        .where('status', '=', runningStatus)
        .where('worker', '=', worker)
        .where('deaths', '>=', FATAL_DEATHS)
        .orderBy('seq')
        .execute();
      const looks = await db
        .selectFrom('looks')
        .selectAll()
        .where('deaths', '>', never)
        .where('deaths', '>=', FATAL_DEATHS)
        .orderBy('due_at')
        .orderBy('id')
        .execute();
      const found = await Promise.all(builds.map((row) => withSteps(db, row)));
      return {
        builds: found.flatMap((build) => build ?? []),
        looks: looks.map((row) => ({ look: lookOf(row), target: targetOf(row) })),
      };
    },
    look: (look, end) => db.transaction().execute((trx) => setLookAside(trx, look, end)),
    async all() {
      return (await db.selectFrom('set_aside').selectAll().orderBy('id').execute()).map(setAsideOf);
    },
    async forget(ids) {
      if (ids.length > 0) await db.deleteFrom('set_aside').where('id', 'in', ids).execute();
    },
  };
}

async function setLookAside(trx: InTransaction, { id, trigger, repository, ref }: Look, end: LookEnd) {
  const gone = await trx.deleteFrom('looks').where('id', '=', id).returning('target').executeTakeFirst();
  if (gone === undefined) return [];
  const target = targetOf(gone);
  const { deliveryId } = trigger;
  await trx
    .insertInto('set_aside')
    .values({ kind: 'look', at: end.now, repository, ref, ...targetColumns(target), delivery: deliveryId })
    .execute();
  if (end.looks.length > 0) await trx.insertInto('looks').values(end.looks.map(lookColumns)).execute();
  return deliveryId === null ? [] : settleDelivery(trx, deliveryId, 'failed', end.reason);
}

const targetOf = ({ target }: Pick<LookRow, 'target'>): LookTarget | null =>
  target === null ? null : (JSON.parse(target) as LookTarget);

const targetColumns = (target: LookTarget | null) => ({
  service: target?.service ?? null,
  branch: target?.branch ?? null,
  commit_id: target?.commit ?? null,
});

/** Records a build as set aside if it ended because of deaths. A success clears its branch's set-asides. */
export async function noteEnd(trx: InTransaction, id: string, end: BuildEnd, now: number): Promise<void> {
  const setAside = end.status === 'failed' && end.error.code === 'crashed-repeatedly';
  if (!setAside && end.status !== 'succeeded') return;
  const build = await trx
    .selectFrom('builds')
    .select(['repository', 'service', 'branch', 'commit_id', 'trigger_delivery'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const { repository, service, branch, commit_id } = build;
  if (setAside) {
    const of = { repository, service, branch, commit_id, delivery: build.trigger_delivery };
    await trx
      .insertInto('set_aside')
      .values({ kind: 'build', at: now, ...of, build_id: id })
      .execute();
    return;
  }
  await trx
    .deleteFrom('set_aside')
    .where('service', '=', service)
    .where('branch', '=', branch)
    .where((eb) => eb.or([eb('kind', '=', 'build'), eb('commit_id', '=', commit_id)]))
    .execute();
}
