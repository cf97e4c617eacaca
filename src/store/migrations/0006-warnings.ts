import type { Migration } from './migration.js';

/** What was noticed while a delivery was decided on. */
export const warnings: Migration = {
  name: '0006-warnings',
  async up(db) {
    await db.schema.alterTable('deliveries').addColumn('warnings', 'text').execute();
  },
};
