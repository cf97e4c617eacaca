import { sql, type ExpressionBuilder } from 'kysely';
import { asSlipwayError, SlipwayError } from '../errors.js';
import type { Delivery, DeliveryStatus } from '../model/delivery.js';
import type { NewLook } from '../model/look.js';
import type { Deliveries, DeliveryQuery } from './contract.js';
import { announce } from './announce.js';
import { groupCommit } from './group-commit.js';
import { lowerRepository } from './looks.js';
import { decodeCursor, ofCommit, pageOf } from './pages.js';
import { storeLooks } from './join-looks.js';
import { deliveryColumns, deliveryOf } from './rows.js';
import type { Database, Schema } from './schema.js';

interface Acceptance {
  readonly delivery: Delivery;
  readonly look: NewLook | null;
}

type Answer = 'accepted' | 'duplicate';

/** Keeps the number of bound values of one statement far below every database's limit. */
const MAX_GROUP_ENTRIES = 500;

export function createDeliveries(db: Database): Deliveries {
  const submit = groupCommit((group: readonly Acceptance[]) => acceptGroup(db, group), MAX_GROUP_ENTRIES);
  return {
    accept: (delivery, look) => submit({ delivery, look }),
    async get(id) {
      const row = await db.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? deliveryOf(row) : null;
    },
    async page(request: DeliveryQuery) {
      const { repository, commit, status } = request;
      const below = decodeCursor(request.cursor);
      let query = db.selectFrom('deliveries').selectAll();
      if (repository !== undefined) query = query.where(lowerRepository, '=', repository.toLowerCase());
      if (commit !== undefined) query = query.where(ofCommit(sql.ref('after_commit'), commit));
      if (status !== undefined) query = query.where('status', '=', status);
      if (below !== null) query = query.where('seq', '<', below);
      const rows = await query
        .orderBy('seq', 'desc')
        .limit(request.limit + 1)
        .execute();
      return pageOf(rows, request, deliveryOf);
    },
    async ofCommit(after: string) {
      const rows = await db
        .selectFrom('deliveries')
        .selectAll()
        .where('after_commit', '=', after)
        .orderBy('seq', 'desc')
        .limit(20)
        .execute();
      return rows.map(deliveryOf);
    },
    async heard(repositories: readonly string[]) {
      if (repositories.length === 0) return new Map();
      const rows = await db
        .selectFrom('deliveries')
        .select([lowerRepository.as('repository'), 'received_at'])
        .where('seq', 'in', (query) =>
          query
            .selectFrom('deliveries')
            .select(({ fn }) => fn.max('seq').as('seq'))
            .where(lowerRepository, 'in', repositories)
            .groupBy(lowerRepository),
        )
        .execute();
      return new Map(rows.map(({ repository, received_at }) => [repository, received_at]));
    },
    settle: (id, status, reason) => db.transaction().execute((trx) => settleDelivery(trx, id, status, reason)),
    async warn(id, warnings) {
      const kept = warnings.length === 0 ? null : JSON.stringify(warnings);
      await db.updateTable('deliveries').set({ warnings: kept }).where(isOrJoined(id)).execute();
    },
  };
}

/** Settles a delivery and those that joined it. Resolves with their ids. A failure is announced. */
export async function settleDelivery(
  db: Database,
  id: string,
  status: DeliveryStatus,
  reason: string | null,
): Promise<readonly string[]> {
  const settled = await db
    .updateTable('deliveries')
    .set({ status, reason })
    .where(isOrJoined(id))
    .returning('id')
    .execute();
  const ids = settled.map((row) => row.id);
  if (status === 'failed') await announce(db, 'delivery', ids);
  return ids;
}

const isOrJoined = (id: string) => (eb: ExpressionBuilder<Schema, 'deliveries'>) =>
  eb.or([eb('id', '=', id), eb('joined', '=', id)]);

/** On any failure the sender must try again: a delivery that was not stored must not be lost as "refused". */
async function acceptGroup(db: Database, group: readonly Acceptance[]): Promise<readonly Answer[]> {
  try {
    return await storeGroup(db, group);
  } catch (thrown) {
    const error = asSlipwayError(thrown);
    if (error.code === 'store-unavailable') throw error;
    throw new SlipwayError('store-unavailable', `The delivery could not be stored: ${error.message}`, { cause: error });
  }
}

function storeGroup(db: Database, group: readonly Acceptance[]): Promise<readonly Answer[]> {
  return db.transaction().execute(async (trx) => {
    // The unique id decides what is new, both against stored deliveries and within the group.
    const stored = await trx
      .insertInto('deliveries')
      .values(group.map(({ delivery }) => deliveryColumns(delivery)))
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .execute();
    const unseen = new Set(stored.map(({ id }) => id));
    const isNew = group.map(({ delivery }) => unseen.delete(delivery.id));
    const delivered = group.flatMap(({ delivery, look }, index) => (isNew[index] && look ? [{ delivery, look }] : []));
    await storeLooks(trx, delivered);
    return isNew.map((accepted) => (accepted ? 'accepted' : 'duplicate'));
  });
}
