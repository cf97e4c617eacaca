import type { InHand } from './contract.js';
import type { OpenedDatabase } from './dialect.js';
import { GIVEN_BACK } from './deaths.js';
import { runningStatus } from './in-flight.js';
import { lookColumns, lookOf } from './rows.js';
import type { InTransaction } from './schema.js';

export function createInHand({ db, withoutWaiting }: OpenedDatabase): InHand {
  return {
    async takeLooks(ids, worker) {
      await withoutWaiting((trx) => markLooks(trx, ids, worker));
    },
    addLook: (look, worker) =>
      withoutWaiting(async (trx) => {
        const columns = { ...lookColumns(look), worker };
        return lookOf(await trx.insertInto('looks').values(columns).returningAll().executeTakeFirstOrThrow());
      }),
    async takeBuilds(ids, worker) {
      await withoutWaiting((trx) => markBuilds(trx, ids, worker));
    },
    async reach(lookId, target) {
      const reached = target === null ? null : JSON.stringify(target);
      await withoutWaiting((trx) =>
        trx.updateTable('looks').set({ target: reached }).where('id', '=', lookId).execute(),
      );
    },
    async free({ looks = [], builds = [] }) {
      if (looks.length + builds.length === 0) return;
      await withoutWaiting(async (trx) => {
        if (looks.length > 0) await markLooks(trx, looks, null);
        if (builds.length > 0) await markBuilds(trx, builds, null);
      });
    },
    leave: (worker) =>
      db.transaction().execute(async (trx) => {
        await trx.updateTable('looks').set({ worker: null, target: null }).where('worker', '=', worker).execute();
        await trx.updateTable('builds').set({ prepared_by: null }).where('prepared_by', '=', worker).execute();
        await trx
          .updateTable('builds')
          .set({ lease_until: GIVEN_BACK })
          .where('status', '=', runningStatus)
          .where('worker', '=', worker)
          .execute();
      }),
  };
}

async function markLooks(trx: InTransaction, ids: readonly number[], worker: string | null): Promise<void> {
  await trx.updateTable('looks').set({ worker, target: null }).where('id', 'in', ids).execute();
}

async function markBuilds(trx: InTransaction, ids: readonly string[], worker: string | null): Promise<void> {
  await trx.updateTable('builds').set({ prepared_by: worker }).where('id', 'in', ids).execute();
}
