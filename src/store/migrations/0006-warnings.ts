import type { Migration } from './migration.js';

/** Warnings found while a delivery was decided. */
export const warnings: Migration = {
  name: '0006-warnings',
  async up(db) {
    await db.schema.alterTable('deliveries').addColumn('warnings', 'text').execute();
  },
};
