import type { Migration } from './migration.js';

/** Regions and Dockerfiles that had drifted apart when a branch was last looked at. */
export const regionDrift: Migration = {
  name: '0022-region-drift',
  async up(db) {
    await db.schema
      .createTable('region_drift')
      .addColumn('service', 'text', (column) => column.notNull())
      .addColumn('branch', 'text', (column) => column.notNull())
      .addColumn('commit_id', 'text', (column) => column.notNull())
      .addColumn('rules', 'text', (column) => column.notNull())
      .addColumn('drift', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('region_drift_of_branch', ['service', 'branch'])
      .execute();
  },
};
