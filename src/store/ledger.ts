import { sql, type RawBuilder, type SqlBool } from 'kysely';
import { SlipwayError } from '../errors.js';
import type { Delivery, DeliveryStatus } from '../model/delivery.js';
import type { Ledger, LedgerEntry, LedgerQuery, LedgerResult } from './ledger-contract.js';
import { lowerRepository } from './looks.js';
import { ofCommit } from './pages.js';
import { decisionOf, deliveryOf } from './rows.js';
import type { Database, DecisionRow, DeliveryRow } from './schema.js';

/** Both lists stay below these numbers of theirs. */
interface Place {
  readonly delivery: number;
  readonly decision: number;
}

const top: Place = { delivery: Number.MAX_SAFE_INTEGER, decision: Number.MAX_SAFE_INTEGER };

export function createLedger(db: Database): Ledger {
  return {
    async page(query) {
      const from = query.cursor === null ? top : placeOf(query.cursor);
      const [deliveries, decisions] = await Promise.all([
        deliveryRows(db, query, from.delivery),
        decisionRows(db, query, from.decision),
      ]);
      const rows = merged(deliveries, decisions);
      const shown = rows.slice(0, query.limit);
      const sums = await sumsOf(
        db,
        shown.flatMap((row) => ('seq' in row ? [sharedId(deliveryOf(row))] : [])),
      );
      const end = shown.reduce<Place>(
        (place, row) => ('seq' in row ? { ...place, delivery: row.seq } : { ...place, decision: row.id }),
        from,
      );
      return {
        items: shown.map((row) => ('seq' in row ? ofDelivery(row, sums) : ofDecision(row))),
        nextCursor: rows.length > query.limit ? cursorOf(end) : null,
      };
    },
  };
}

const statusOf: Readonly<Record<LedgerResult, DeliveryStatus>> = {
  built: 'planned',
  nothing: 'planned',
  waiting: 'accepted',
  ignored: 'ignored',
  failed: 'failed',
};

async function deliveryRows(db: Database, query: LedgerQuery, below: number): Promise<readonly DeliveryRow[]> {
  const rows = await rowsOfStatus(db, query, below);
  if (query.result !== 'waiting') return rows;
  const looked = await rowsOfStatus(db, query, below, 'planned');
  return [...rows, ...looked].sort((a, b) => b.seq - a.seq).slice(0, query.limit + 1);
}

/** `status`: of those that wait, if they were looked at. */
function rowsOfStatus(
  db: Database,
  { repository, commit, result, limit }: LedgerQuery,
  below: number,
  status = result === undefined ? undefined : statusOf[result],
): Promise<readonly DeliveryRow[]> {
  let query = db.selectFrom('deliveries').selectAll().where('seq', '<', below);
  if (repository !== undefined) query = query.where(lowerRepository, '=', repository.toLowerCase());
  if (commit !== undefined) query = query.where(ofCommit(sql.ref('after_commit'), commit));
  if (status !== undefined) query = query.where('status', '=', status);
  if (result === 'built') query = query.where(has(isBuild));
  if (result === 'nothing') query = query.where(({ not }) => not(has(isBuild))).where(({ not }) => not(has(isWait)));
  if (result === 'waiting' && status === 'planned') query = query.where(has(isWait));
  return query
    .orderBy('seq', 'desc')
    .limit(limit + 1)
    .execute();
}

const isBuild = sql<SqlBool>`decisions.decision = 'build'`;
/** Nothing was built, because the artifact is missing. */
const isWait = sql<SqlBool>`decisions.reason_code = 'waiting-for-artifact'`;

const has = (which: RawBuilder<SqlBool>) => sql<SqlBool>`exists (
  select 1 from decisions
  where decisions.trigger_delivery = coalesce(deliveries.joined, deliveries.id) and ${which}
)`;

/** None of them is ignored or fails. */
async function decisionRows(
  db: Database,
  { services, commit, result, limit }: LedgerQuery,
  below: number,
): Promise<readonly DecisionRow[]> {
  if (result === 'ignored' || result === 'failed') return [];
  if (services?.length === 0) return [];
  let query = db.selectFrom('decisions').selectAll().where('trigger_delivery', 'is', null).where('id', '<', below);
  // With the plus an index of services is not asked: its rows would have to be sorted.
  if (services !== undefined) query = query.where(sql<string>`+service`, 'in', services);
  if (commit !== undefined) query = query.where(ofCommit(sql.ref('head'), commit));
  if (result !== undefined) query = query.where('decision', '=', result === 'built' ? 'build' : 'skip');
  if (result === 'waiting') query = query.where(isWait);
  if (result === 'nothing') query = query.where(({ not }) => not(isWait));
  return query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
}

type Row = DeliveryRow | DecisionRow;

const timeOf = (row: Row): number => ('seq' in row ? row.received_at : row.at);

/** The newest first. Each list keeps its own order, whatever its times say, so that a cursor can name a place in both. */
function merged(deliveries: readonly DeliveryRow[], decisions: readonly DecisionRow[]): readonly Row[] {
  const rows: Row[] = [];
  let [one, other] = [0, 0];
  for (;;) {
    const [delivery, decision] = [deliveries[one], decisions[other]];
    if (delivery === undefined && decision === undefined) return rows;
    if (delivery !== undefined && (decision === undefined || timeOf(delivery) > timeOf(decision))) {
      rows.push(delivery);
      one += 1;
    } else if (decision !== undefined) {
      rows.push(decision);
      other += 1;
    }
  }
}

interface Sums {
  readonly builds: number;
  readonly waits: number;
  readonly skips: number;
  readonly by: string | null;
}

/** The delivery whose decisions it has. */
const sharedId = ({ id, joined = id }: Delivery): string => joined;

async function sumsOf(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, Sums>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('decisions')
    .select(({ fn }) => [
      'trigger_delivery',
      fn.sum<number>(sql`case when ${isBuild} then 1 else 0 end`).as('builds'),
      fn.sum<number>(sql`case when ${isWait} then 1 else 0 end`).as('waits'),
      fn.countAll<number>().as('all'),
      fn.min('trigger_by').as('by'),
    ])
    .where('trigger_delivery', 'in', [...new Set(ids)])
    .groupBy('trigger_delivery')
    .execute();
  return new Map(
    rows.map(({ trigger_delivery: id, by, ...row }) => {
      const [builds, waits] = [Number(row.builds), Number(row.waits)];
      return [id ?? '', { builds, waits, skips: Number(row.all) - builds - waits, by }];
    }),
  );
}

function ofDelivery(row: DeliveryRow, sums: ReadonlyMap<string, Sums>): LedgerEntry {
  const delivery = deliveryOf(row);
  const { by = null, builds = 0, waits = 0, skips = 0 } = sums.get(sharedId(delivery)) ?? {};
  return { at: delivery.receivedAt, by, builds, waits, skips, delivery, decision: null };
}

function ofDecision(row: DecisionRow): LedgerEntry {
  const decision = decisionOf(row);
  const builds = decision.decision === 'build' ? 1 : 0;
  const waits = decision.reason.code === 'waiting-for-artifact' ? 1 : 0;
  return {
    at: decision.at,
    by: decision.trigger.by,
    builds,
    waits,
    skips: 1 - builds - waits,
    delivery: null,
    decision,
  };
}

const cursorOf = ({ delivery, decision }: Place): string =>
  Buffer.from(`${delivery} ${decision}`).toString('base64url');

function placeOf(cursor: string): Place {
  const [, delivery, decision] =
    /^(\d{1,16}) (\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  const place = { delivery: Number(delivery), decision: Number(decision) };
  if (Number.isSafeInteger(place.delivery) && Number.isSafeInteger(place.decision) && cursorOf(place) === cursor)
    return place;
  throw new SlipwayError('invalid-request', 'The cursor does not come from an earlier page.');
}
