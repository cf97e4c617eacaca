import type { Migration } from './migration.js';

/** Decisions are listed by service, by branch, and by commit. */
export const listedDecisions: Migration = {
  name: '0021-listed-decisions',
  async up(db) {
    await db.schema.createIndex('decisions_by_service').on('decisions').columns(['service', 'id']).execute();
    await db.schema.createIndex('decisions_of_branch').on('decisions').columns(['branch', 'id']).execute();
    await db.schema.createIndex('decisions_by_commit').on('decisions').columns(['head', 'id']).execute();
  },
};
