import type { SeenTags } from './contract.js';
import type { Database } from './schema.js';

export function createSeenTags(db: Database): SeenTags {
  return {
    async of(repository) {
      const row = await db
        .selectFrom('seen_tags')
        .select('tags')
        .where('repository', '=', repository)
        .executeTakeFirst();
      return row ? new Map(JSON.parse(row.tags) as [string, string][]) : null;
    },
    async remember(repository, seen) {
      const tags = JSON.stringify([...seen]);
      await db
        .insertInto('seen_tags')
        .values({ repository, tags })
        .onConflict((conflict) => conflict.column('repository').doUpdateSet({ tags }))
        .execute();
    },
  };
}
