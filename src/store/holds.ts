import type { Holds } from './hold-contract.js';
import type { Database } from './schema.js';

export function createHolds(db: Database): Holds {
  return {
    async inForce(now) {
      const rows = await db
        .selectFrom('holds')
        .selectAll()
        .where(({ eb, or }) => or([eb('until', 'is', null), eb('until', '>', now)]))
        .execute();
      return new Map(rows.map((hold) => [hold.environment, hold]));
    },
    async put({ environment, by, reason, until }) {
      const columns = { by, reason, until };
      await db
        .insertInto('holds')
        .values({ environment, ...columns })
        .onConflict((conflict) => conflict.column('environment').doUpdateSet(columns))
        .execute();
    },
    async remove(environment) {
      const { numDeletedRows } = await db.deleteFrom('holds').where('environment', '=', environment).executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}
