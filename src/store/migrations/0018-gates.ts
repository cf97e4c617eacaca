import { sql } from 'kysely';
import type { Migration } from './migration.js';

/** Deployments that wait at their gate, and holds, which are one of the gates. */
export const gates: Migration = {
  name: '0018-gates',
  async up(db) {
    await db.schema.alterTable('deployments').addColumn('gate', 'text').execute();
    // There were no gates when they began.
    await sql`update deployments set gate = 'passed' where started_at is not null and status in ('pending', 'running')`.execute(
      db,
    );
    await db.schema
      .createTable('holds')
      .addColumn('environment', 'text', (column) => column.primaryKey())
      .addColumn('by', 'text', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('until', 'bigint')
      .execute();
  },
};
