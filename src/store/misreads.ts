import type { Misreads } from './misread-contract.js';
import type { Database } from './schema.js';

export function createMisreads(db: Database): Misreads {
  return {
    async of({ service, dockerfile }) {
      const row = await db
        .selectFrom('misreads')
        .select('path')
        .where('service', '=', service)
        .where('dockerfile', '=', dockerfile)
        .executeTakeFirst();
      return row?.path ?? null;
    },
    async note({ service, dockerfile }, path, at) {
      await db
        .insertInto('misreads')
        .values({ service, dockerfile, path, noticed_at: at })
        .onConflict((conflict) => conflict.columns(['service', 'dockerfile']).doNothing())
        .execute();
    },
  };
}
