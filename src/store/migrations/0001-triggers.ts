import type { Migration } from './migration.js';

/** What came in and what was decided: deliveries, looks, decisions. */
export const triggers: Migration = {
  name: '0001-triggers',
  async up(db, { sequence }) {
    await db.schema
      .createTable('deliveries')
      .addColumn('seq', sequence.type, sequence.build)
      .addColumn('id', 'text', (column) => column.notNull().unique())
      .addColumn('event', 'text', (column) => column.notNull())
      .addColumn('repository', 'text')
      .addColumn('branch', 'text')
      .addColumn('before_commit', 'text')
      .addColumn('after_commit', 'text')
      .addColumn('received_at', 'bigint', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('reason', 'text')
      .execute();
    await db.schema
      .createTable('looks')
      .addColumn('id', sequence.type, sequence.build)
      .addColumn('trigger_kind', 'text', (column) => column.notNull())
      .addColumn('trigger_delivery', 'text')
      .addColumn('trigger_by', 'text')
      .addColumn('repository', 'text', (column) => column.notNull())
      .addColumn('ref', 'text')
      .addColumn('services', 'text')
      .addColumn('before_commit', 'text')
      .addColumn('after_commit', 'text')
      .addColumn('attempt', 'integer', (column) => column.notNull())
      .addColumn('due_at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('looks_by_due').on('looks').columns(['due_at', 'id']).execute();
    await db.schema
      .createTable('decisions')
      .addColumn('id', sequence.type, sequence.build)
      .addColumn('service', 'text', (column) => column.notNull())
      .addColumn('branch', 'text', (column) => column.notNull())
      .addColumn('decision', 'text', (column) => column.notNull())
      .addColumn('reason_code', 'text', (column) => column.notNull())
      .addColumn('reason_message', 'text', (column) => column.notNull())
      .addColumn('reason_paths', 'text', (column) => column.notNull())
      .addColumn('reason_patterns', 'text', (column) => column.notNull())
      .addColumn('base', 'text')
      .addColumn('head', 'text')
      .addColumn('trigger_kind', 'text', (column) => column.notNull())
      .addColumn('trigger_delivery', 'text')
      .addColumn('trigger_by', 'text')
      .addColumn('build_id', 'text')
      .addColumn('inputs_key', 'text', (column) => column.notNull())
      .addColumn('relies_on', 'text')
      .addColumn('at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('decisions_by_branch').on('decisions').columns(['service', 'branch', 'id']).execute();
    await db.schema.createIndex('decisions_by_head').on('decisions').columns(['service', 'head', 'at']).execute();
    await db.schema
      .createIndex('decisions_by_delivery')
      .on('decisions')
      .columns(['trigger_delivery', 'id'])
      .where('trigger_delivery', 'is not', null)
      .execute();
  },
};
