import type { Migration } from './migration.js';

/** Which branches stand on which images of other services. */
export const bases: Migration = {
  name: '0004-bases',
  async up(db) {
    await db.schema
      .createTable('bases')
      .addColumn('service', 'text', (column) => column.notNull())
      .addColumn('branch', 'text', (column) => column.notNull())
      .addColumn('reference', 'text', (column) => column.notNull())
      .addColumn('base', 'text', (column) => column.notNull())
      .addColumn('base_branch', 'text')
      .addPrimaryKeyConstraint('one_row_of_a_base', ['service', 'branch', 'reference', 'base'])
      .execute();
    await db.schema.createIndex('bases_by_reference').on('bases').column('reference').execute();
  },
};
