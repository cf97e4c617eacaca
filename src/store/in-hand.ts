import type { InHand } from './contract.js';
import type { OpenedDatabase } from './dialect.js';
import { lookColumns, lookOf } from './rows.js';
import type { InTransaction } from './schema.js';

export function createInHand({ withoutWaiting }: OpenedDatabase): InHand {
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
  };
}

async function markLooks(trx: InTransaction, ids: readonly number[], worker: string | null): Promise<void> {
  await trx.updateTable('looks').set({ worker, target: null }).where('id', 'in', ids).execute();
}

async function markBuilds(trx: InTransaction, ids: readonly string[], worker: string | null): Promise<void> {
  await trx.updateTable('builds').set({ prepared_by: worker }).where('id', 'in', ids).execute();
}
