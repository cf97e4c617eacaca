import type { Migration } from './migration.js';

/** How far each service in an environment has followed its branch. */
export const followMarks: Migration = {
  name: '0020-follow-marks',
  async up(db) {
    await db.schema
      .createTable('follow_marks')
      .addColumn('environment', 'text', (column) => column.notNull())
      .addColumn('service', 'text', (column) => column.notNull())
      .addColumn('branch', 'text')
      .addColumn('number', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('follow_mark_of_pair', ['environment', 'service'])
      .execute();
  },
};
