import type { Migration } from './migration.js';

/** Who did what, when, and from where. */
export const audit: Migration = {
  name: '0016-audit',
  async up(db, { sequence }) {
    await db.schema
      .createTable('audit')
      .addColumn('seq', sequence.type, sequence.build)
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('by', 'text', (column) => column.notNull())
      .addColumn('address', 'text', (column) => column.notNull())
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('method', 'text', (column) => column.notNull())
      .addColumn('route', 'text', (column) => column.notNull())
      .addColumn('parameters', 'text', (column) => column.notNull())
      .addColumn('status', 'integer', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('audit_by_name').on('audit').columns(['by', 'seq']).execute();
    await db.schema.createIndex('audit_by_time').on('audit').columns(['at', 'seq']).execute();
  },
};
