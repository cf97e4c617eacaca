import type { Images } from './contract.js';
import { knownImageOf } from './rows.js';
import type { Database } from './schema.js';

export function createImages(db: Database): Images {
  return {
    async add({ buildId, builtAt, ...same }) {
      const columns = { ...same, built_at: builtAt };
      await db
        .insertInto('images')
        .values({ build_id: buildId, ...columns })
        // A build that a crash interrupted after its push comes here again.
        .onConflict((conflict) => conflict.column('build_id').doUpdateSet(columns))
        .execute();
    },
    async withFingerprint(service, fingerprint) {
      const rows = await db
        .selectFrom('images')
        .selectAll()
        .where('service', '=', service)
        .where('fingerprint', '=', fingerprint)
        .orderBy('built_at', 'desc')
        .execute();
      return rows.map(knownImageOf);
    },
  };
}
