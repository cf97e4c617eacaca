import { sql } from 'kysely';
import type { Migration } from './migration.js';

/** One lease for each worker instead of one for each build, and a number that tells the attempts of a build apart. */
export const leases: Migration = {
  name: '0010-leases',
  async up(db) {
    await db.schema
      .createTable('workers')
      .addColumn('id', 'text', (column) => column.notNull().primaryKey())
      .addColumn('lease_until', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('workers_by_lease').on('workers').column('lease_until').execute();
    // A worker that had work in hand is dead: it no longer has the database. A build with lease 0 was left in good order.
    await sql`
      insert into workers (id, lease_until)
      select worker, 0 from builds where status = 'running' and lease_until > 0 and worker is not null
      union select worker, 0 from looks where worker is not null
      union select prepared_by, 0 from builds where prepared_by is not null
    `.execute(db);
    const builds = db.schema.alterTable('builds');
    await builds.dropColumn('lease_until').execute();
    await builds.addColumn('claim', 'integer', (column) => column.notNull().defaultTo(0)).execute();
  },
};
