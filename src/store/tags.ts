import type { Tags } from './contract.js';
import { tagOf } from './rows.js';
import type { Database } from './schema.js';

export function createTags(db: Database): Tags {
  return {
    async get(repository, tag) {
      const row = await db
        .selectFrom('tags')
        .selectAll()
        .where('repository', '=', repository)
        .where('tag', '=', tag)
        .executeTakeFirst();
      return row ? tagOf(row) : null;
    },
    async ownedBy(repository, kind, owner) {
      const row = await db
        .selectFrom('tags')
        .selectAll()
        .where('repository', '=', repository)
        .where('kind', '=', kind)
        .where('owner', '=', owner)
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? tagOf(row) : null;
    },
    async put({ repository, tag, commit, ...rest }) {
      const columns = { ...rest, commit_id: commit };
      await db
        .insertInto('tags')
        .values({ repository, tag, ...columns })
        .onConflict((conflict) => conflict.columns(['repository', 'tag']).doUpdateSet(columns))
        .execute();
    },
    async release(repository, tag) {
      await db.deleteFrom('tags').where('repository', '=', repository).where('tag', '=', tag).execute();
    },
    async pointingAt(repository, digest) {
      const rows = await db
        .selectFrom('tags')
        .selectAll()
        .where('repository', '=', repository)
        .where('digest', '=', digest)
        .orderBy('seq')
        .execute();
      return rows.map(tagOf);
    },
  };
}
