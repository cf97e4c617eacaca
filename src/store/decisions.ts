import { type ExpressionBuilder, sql } from 'kysely';
import type { RecordedDecision } from '../model/decision.js';
import type { DecisionQuery, Decisions, Page } from './contract.js';
import type { OpenedDatabase } from './dialect.js';
import { decodeCursor, ofCommit, pageOf } from './pages.js';
import { recordPlan } from './record-plan.js';
import { decisionOf } from './rows.js';
import type { Database, DecisionRow, Schema } from './schema.js';

export function createDecisions(opened: OpenedDatabase): Decisions {
  const { db } = opened;
  return {
    record: (plan, now) => recordPlan(opened, plan, now),
    async ofDelivery(deliveryId) {
      const rows = await db
        .selectFrom('decisions')
        .selectAll()
        .where('trigger_delivery', '=', ({ fn, selectFrom, val }) =>
          fn.coalesce(selectFrom('deliveries').select('joined').where('id', '=', deliveryId), val(deliveryId)),
        )
        .orderBy('id')
        .execute();
      return rows.map(decisionOf);
    },
    async newest(service, branch, head) {
      const row = await db
        .selectFrom('decisions')
        .selectAll()
        .where('service', '=', service)
        .where('branch', '=', branch)
        .where((eb) => {
          const unforced = eb('reason_code', '!=', 'forced');
          return head === undefined ? unforced : eb.or([unforced, eb('head', '=', head)]);
        })
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return orNull(row);
    },
    async covering(service, commit) {
      const row = await db
        .selectFrom('decisions')
        .selectAll()
        .where('service', '=', service)
        .where('head', '=', commit)
        .orderBy((eb) => eb.case().when(speaksOfImage(eb)).then(0).else(1).end())
        .orderBy('at', 'desc')
        .orderBy((eb) => eb.case().when('decision', '=', 'build').then(0).else(1).end())
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return orNull(row);
    },
    page: (query) => page(db, query),
    last: async (limit) => (await page(db, { limit, cursor: null })).items,
    async branches(service) {
      const rows = await db
        .selectFrom('decisions')
        .select('branch')
        .distinct()
        .where('service', '=', service)
        .orderBy('branch')
        .execute();
      return rows.map(({ branch }) => branch);
    },
  };
}

async function page(db: Database, query: DecisionQuery): Promise<Page<RecordedDecision>> {
  const below = decodeCursor(query.cursor);
  let rows = db.selectFrom('decisions').selectAll().select('id as seq');
  if (query.id !== undefined) rows = rows.where('id', '=', query.id);
  if (query.service !== undefined) rows = rows.where('service', '=', query.service);
  if (query.branch !== undefined) rows = rows.where('branch', '=', query.branch);
  if (query.commit !== undefined) rows = rows.where(ofCommit(sql.ref('head'), query.commit));
  if (below !== null) rows = rows.where('id', '<', below);
  const found = await rows
    .orderBy('id', 'desc')
    .limit(query.limit + 1)
    .execute();
  return pageOf(found, query, decisionOf);
}

/** Others are about a ref that makes no image, or about a forced build of any commit. */
const speaksOfImage = (eb: ExpressionBuilder<Schema, 'decisions'>) =>
  eb.or([
    eb('relies_on', 'is not', null),
    eb.and([eb('decision', '=', sql.lit('build')), eb('reason_code', '!=', sql.lit('forced'))]),
  ]);

function orNull(row: DecisionRow | undefined) {
  return row ? decisionOf(row) : null;
}
