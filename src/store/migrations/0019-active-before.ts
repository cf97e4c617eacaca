import type { Migration } from './migration.js';

/** The hosts that a balancer had as active before a deployment changed it. */
export const activeBefore: Migration = {
  name: '0019-active-before',
  async up(db) {
    await db.schema.alterTable('deployments').addColumn('active_before', 'text').execute();
  },
};
