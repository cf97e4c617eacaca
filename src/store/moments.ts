import type { Moments } from './contract.js';
import type { Database } from './schema.js';

export function createMoments(db: Database): Moments {
  return {
    async all() {
      const rows = await db.selectFrom('moments').selectAll().execute();
      return new Map(rows.map(({ name, at }) => [name, at]));
    },
    async note(name, at) {
      await db
        .insertInto('moments')
        .values({ name, at })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ at }))
        .execute();
    },
  };
}
