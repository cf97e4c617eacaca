import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { Migration } from './migration.js';

/** What lists are filtered by, and what builds and looks say of themselves. */
export const visible: Migration = {
  name: '0013-visible',
  async up(db) {
    await addFilters(db);
    const builds = db.schema.alterTable('builds');
    for (const column of ['official', 'warnings', 'waiting']) await builds.addColumn(column, 'text').execute();
    await db.schema.alterTable('looks').addColumn('waiting', 'text').execute();
    await db.schema
      .createIndex('looks_by_delivery')
      .on('looks')
      .column('trigger_delivery')
      .where('trigger_delivery', 'is not', null)
      .execute();
  },
};

async function addFilters(db: Kysely<unknown>): Promise<void> {
  const byRepository = sql`lower(repository), seq`;
  await db.schema.createIndex('builds_by_commit').on('builds').columns(['commit_id', 'seq']).execute();
  await db.schema.createIndex('builds_by_repository').on('builds').expression(byRepository).execute();
  await db.schema.createIndex('deliveries_by_repository').on('deliveries').expression(byRepository).execute();
  await db.schema.createIndex('deliveries_by_status').on('deliveries').columns(['status', 'seq']).execute();
}
