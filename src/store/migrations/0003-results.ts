import type { Migration } from './migration.js';

/** What outlives a build: artifacts, images, names of tags, and keys of idempotent calls. */
export const results: Migration = {
  name: '0003-results',
  async up(db, { sequence }) {
    await db.schema
      .createTable('artifacts')
      .addColumn('seq', sequence.type, sequence.build)
      .addColumn('id', 'text', (column) => column.notNull().unique())
      .addColumn('service', 'text', (column) => column.notNull())
      .addColumn('branch', 'text', (column) => column.notNull())
      .addColumn('commit_id', 'text', (column) => column.notNull())
      .addColumn('version', 'text')
      .addColumn('sha256', 'text', (column) => column.notNull())
      .addColumn('size', 'bigint', (column) => column.notNull())
      .addColumn('file', 'text', (column) => column.notNull())
      .addColumn('received_at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('artifacts_by_branch').on('artifacts').columns(['service', 'branch', 'seq']).execute();
    await db.schema.createIndex('artifacts_by_age').on('artifacts').column('received_at').execute();
    await db.schema
      .createTable('images')
      .addColumn('build_id', 'text', (column) => column.notNull().primaryKey())
      .addColumn('service', 'text', (column) => column.notNull())
      .addColumn('repository', 'text', (column) => column.notNull())
      .addColumn('digest', 'text', (column) => column.notNull())
      .addColumn('fingerprint', 'text', (column) => column.notNull())
      .addColumn('built_at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex('images_by_fingerprint')
      .on('images')
      .columns(['service', 'fingerprint', 'built_at'])
      .execute();
    await db.schema
      .createTable('tags')
      .addColumn('seq', sequence.type, sequence.build)
      .addColumn('repository', 'text', (column) => column.notNull())
      .addColumn('tag', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('owner', 'text', (column) => column.notNull())
      .addColumn('digest', 'text')
      .addColumn('commit_id', 'text')
      .addUniqueConstraint('one_row_of_a_tag', ['repository', 'tag'])
      .execute();
    await db.schema.createIndex('tags_by_owner').on('tags').columns(['repository', 'kind', 'owner', 'seq']).execute();
    await db.schema.createIndex('tags_by_digest').on('tags').columns(['repository', 'digest', 'seq']).execute();
    await db.schema
      .createTable('idempotency_keys')
      .addColumn('key', 'text', (column) => column.notNull().primaryKey())
      .addColumn('request_hash', 'text', (column) => column.notNull())
      .addColumn('build_id', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('idempotency_keys_by_age').on('idempotency_keys').column('created_at').execute();
  },
};
