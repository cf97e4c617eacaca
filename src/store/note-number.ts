import type { Database, InTransaction } from './schema.js';

/** Numbers of the service's releases go on above this one. */
export const noteNumber = (db: Database | InTransaction, service: string, number: number) =>
  db
    .insertInto('release_numbers')
    .values({ service, last: number })
    .onConflict((conflict) =>
      conflict.column('service').doUpdateSet({ last: number }).where('release_numbers.last', '<', number),
    )
    .execute();
