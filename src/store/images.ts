import type { Images, KnownImage } from './contract.js';
import { knownImageOf } from './rows.js';
import type { Database, InTransaction } from './schema.js';

export function createImages(db: Database): Images {
  return {
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

export async function addImage(trx: InTransaction, { buildId, builtAt, ...same }: KnownImage): Promise<void> {
  const columns = { ...same, built_at: builtAt };
  await trx
    .insertInto('images')
    .values({ build_id: buildId, ...columns })
    // An old database may hold the image of an unfinished build: they were once stored separately.
    .onConflict((conflict) => conflict.column('build_id').doUpdateSet(columns))
    .execute();
}
