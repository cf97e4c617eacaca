import type { Migration } from './migration.js';

/** Decisions that no delivery led to are listed between the deliveries. */
export const ledger: Migration = {
  name: '0024-ledger',
  async up(db) {
    await db.schema
      .createIndex('decisions_without_delivery')
      .on('decisions')
      .columns(['trigger_delivery', 'id'])
      .where('trigger_delivery', 'is', null)
      .execute();
  },
};
