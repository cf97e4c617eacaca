import type { Migration } from './migration.js';

/** When things last happened, and deliveries by commit. */
export const moments: Migration = {
  name: '0007-moments',
  async up(db) {
    await db.schema
      .createTable('moments')
      .addColumn('name', 'text', (column) => column.notNull().primaryKey())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('deliveries_by_commit').on('deliveries').columns(['after_commit', 'seq']).execute();
  },
};
