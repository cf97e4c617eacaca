import type { Migration } from './migration.js';

/** The git tags of each repository as the sweep found them last. */
export const seenTags: Migration = {
  name: '0005-seen-tags',
  async up(db) {
    await db.schema
      .createTable('seen_tags')
      .addColumn('repository', 'text', (column) => column.notNull().primaryKey())
      .addColumn('tags', 'text', (column) => column.notNull())
      .execute();
  },
};
