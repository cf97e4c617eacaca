import type { Migration } from './migration.js';

/** When each chunk of a log was written and by which step, what is known of a build's steps, and the Dockerfiles that builds used. */
export const logSteps: Migration = {
  name: '0023-log-steps',
  async up(db) {
    for (const table of ['log_chunks', 'deployment_logs']) {
      await db.schema.alterTable(table).addColumn('at', 'bigint').execute();
      await db.schema.alterTable(table).addColumn('step', 'integer').execute();
      await db.schema.alterTable(table).addColumn('lines', 'integer').execute();
    }
    const steps = db.schema.alterTable('steps');
    await steps.addColumn('kind', 'text').execute();
    await steps.addColumn('cached', 'integer', (column) => column.notNull().defaultTo(0)).execute();
    await steps.addColumn('reused', 'integer', (column) => column.notNull().defaultTo(0)).execute();
    await steps.addColumn('line', 'integer').execute();
    await steps.addColumn('dockerfile', 'text').execute();
    await db.schema
      .createTable('dockerfiles')
      .addColumn('digest', 'text', (column) => column.primaryKey())
      .addColumn('text', 'text', (column) => column.notNull())
      .execute();
    await db.schema.alterTable('builds').addColumn('dockerfile_digest', 'text').execute();
    await db.schema.createIndex('builds_by_dockerfile').on('builds').column('dockerfile_digest').execute();
  },
};
