import type { Migration } from './migration.js';

/** What others are to be notified of: announcements become notices, one for each receiver and subject. */
export const notices: Migration = {
  name: '0025-notices',
  async up(db, { sequence }) {
    await db.schema
      .createTable('announcements')
      .addColumn('seq', sequence.type, sequence.build)
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('subject', 'text', (column) => column.notNull())
      .addUniqueConstraint('announcement_of_subject', ['kind', 'subject'])
      .execute();
    await db.schema
      .createTable('notices')
      .addColumn('seq', sequence.type, sequence.build)
      .addColumn('receiver', 'text', (column) => column.notNull())
      .addColumn('subject', 'text', (column) => column.notNull())
      .addColumn('item', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('attempt', 'integer', (column) => column.notNull())
      .addColumn('due_at', 'bigint', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('waiting', 'text')
      .addUniqueConstraint('notice_of_item', ['receiver', 'subject', 'item'])
      .execute();
    await db.schema.createIndex('notices_by_due').on('notices').columns(['due_at', 'seq']).execute();
    await db.schema
      .createTable('remarks')
      .addColumn('subject', 'text', (column) => column.primaryKey())
      .addColumn('text', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('remarks_by_time').on('remarks').columns(['at']).execute();
  },
};
