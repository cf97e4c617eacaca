import type { Migration } from './migration.js';

/** Former names of services, in the order in which they were taken over. */
export const formerNames: Migration = {
  name: '0017-former-names',
  async up(db, { sequence }) {
    await db.schema
      .createTable('former_names')
      .addColumn('seq', sequence.type, sequence.build)
      .addColumn('former', 'text', (column) => column.notNull().unique())
      .addColumn('service', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('former_names_of_service').on('former_names').columns(['service', 'seq']).execute();
  },
};
