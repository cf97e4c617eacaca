import type { Migration } from './migration.js';

/** Artifacts are found by their commit. What branch they came for no longer counts. */
export const artifactsByCommit: Migration = {
  name: '0012-artifacts-by-commit',
  async up(db) {
    await db.schema.dropIndex('artifacts_by_branch').execute();
    await db.schema
      .createIndex('artifacts_by_commit')
      .on('artifacts')
      .columns(['service', 'commit_id', 'seq'])
      .execute();
  },
};
