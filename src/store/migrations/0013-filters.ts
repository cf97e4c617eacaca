import { sql } from 'kysely';
import type { Migration } from './migration.js';

/** What lists of builds and deliveries are filtered by. */
export const filters: Migration = {
  name: '0013-filters',
  async up(db) {
    const byRepository = sql`lower(repository), seq`;
    await db.schema.createIndex('builds_by_commit').on('builds').columns(['commit_id', 'seq']).execute();
    await db.schema.createIndex('builds_by_repository').on('builds').expression(byRepository).execute();
    await db.schema.createIndex('deliveries_by_repository').on('deliveries').expression(byRepository).execute();
    await db.schema.createIndex('deliveries_by_status').on('deliveries').columns(['status', 'seq']).execute();
  },
};
