import type { Migration } from './migration.js';

/** Deliveries that joined the look of another. */
export const joined: Migration = {
  name: '0009-joined',
  async up(db) {
    await db.schema.alterTable('deliveries').addColumn('joined', 'text').execute();
    await db.schema
      .createIndex('deliveries_by_joined')
      .on('deliveries')
      .column('joined')
      .where('joined', 'is not', null)
      .execute();
  },
};
