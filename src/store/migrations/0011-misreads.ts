import type { Migration } from './migration.js';

/** Dockerfiles that an engine read more of the context for than their reading here said. */
export const misreads: Migration = {
  name: '0011-misreads',
  async up(db) {
    await db.schema
      .createTable('misreads')
      .addColumn('service', 'text', (column) => column.notNull())
      .addColumn('dockerfile', 'text', (column) => column.notNull())
      .addColumn('path', 'text', (column) => column.notNull())
      .addColumn('noticed_at', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('misreads_key', ['service', 'dockerfile'])
      .execute();
  },
};
