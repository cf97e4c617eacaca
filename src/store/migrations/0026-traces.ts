import type { Migration } from './migration.js';

/** Which trace deliveries, looks, builds and deployments belong to. */
export const traces: Migration = {
  name: '0026-traces',
  async up(db) {
    for (const table of ['deliveries', 'looks', 'builds', 'deployments'])
      await db.schema.alterTable(table).addColumn('traceparent', 'text').execute();
    await db.schema.alterTable('looks').addColumn('trace_link', 'text').execute();
  },
};
