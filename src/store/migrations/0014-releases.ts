import type { Migration } from './migration.js';

/** Releases, what their run files hold, and the further commits that they cover. */
export const releases: Migration = {
  name: '0014-releases',
  async up(db, { sequence }) {
    await db.schema
      .createTable('release_numbers')
      .addColumn('service', 'text', (column) => column.notNull().primaryKey())
      .addColumn('last', 'integer', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('releases')
      .addColumn('service', 'text', (column) => column.notNull())
      .addColumn('number', 'integer', (column) => column.notNull())
      .addColumn('branch', 'text', (column) => column.notNull())
      .addColumn('commit_id', 'text', (column) => column.notNull())
      .addColumn('of_head', 'integer', (column) => column.notNull())
      .addColumn('image_repository', 'text', (column) => column.notNull())
      .addColumn('image_digest', 'text', (column) => column.notNull())
      .addColumn('image_tags', 'text', (column) => column.notNull())
      .addColumn('run_file', 'text', (column) => column.notNull())
      .addColumn('run_file_hash', 'text', (column) => column.notNull())
      .addColumn('build_id', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('releases_key', ['service', 'number'])
      .execute();
    await db.schema
      .createIndex('releases_by_branch')
      .on('releases')
      .columns(['service', 'branch', 'of_head', 'number'])
      .execute();
    await db.schema
      .createIndex('releases_by_commit')
      .on('releases')
      .columns(['service', 'branch', 'commit_id', 'number'])
      .execute();
    await db.schema
      .createTable('run_files')
      .addColumn('hash', 'text', (column) => column.notNull().primaryKey())
      .addColumn('texts', 'text', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('release_commits')
      .addColumn('seq', sequence.type, sequence.build)
      .addColumn('service', 'text', (column) => column.notNull())
      .addColumn('branch', 'text', (column) => column.notNull())
      .addColumn('commit_id', 'text', (column) => column.notNull())
      .addColumn('number', 'integer', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addUniqueConstraint('one_release_of_a_commit', ['service', 'branch', 'commit_id'])
      .execute();
    await db.schema
      .createIndex('release_commits_by_branch')
      .on('release_commits')
      .columns(['service', 'branch', 'seq'])
      .execute();
  },
};
