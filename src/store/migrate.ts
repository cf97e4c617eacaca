import type { Kysely } from 'kysely';
import { SlipwayError } from '../errors.js';
import type { ColumnTypes, Migration } from './migrations/migration.js';

// A type, not an interface: only that satisfies Kysely's index signature.
type Bookkeeping = { schema_migrations: { name: string; applied_at: number } };

/**
 * Runs the pending migrations in order, in one transaction. Resolves with their names. Fails with `database-too-new` if the database has an
 * unknown migration: an older Slipway would misread it.
 */
export async function migrate(
  db: Kysely<unknown>,
  migrations: readonly Migration[],
  types: ColumnTypes,
  now: number,
): Promise<readonly string[]> {
  return await db.transaction().execute(async (trx) => {
    await trx.schema
      .createTable('schema_migrations')
      .ifNotExists()
      .addColumn('name', 'text', (column) => column.notNull().primaryKey())
      .addColumn('applied_at', 'bigint', (column) => column.notNull())
      .execute();
    const applied = await appliedIn(trx);
    refuseUnknown(applied, migrations);
    const pending = migrations.filter(({ name }) => !applied.includes(name));
    for (const migration of pending) {
      await migration.up(trx, types);
      await trx
        .withTables<Bookkeeping>()
        .insertInto('schema_migrations')
        .values({ name: migration.name, applied_at: now })
        .execute();
    }
    return pending.map(({ name }) => name);
  });
}

function refuseUnknown(applied: readonly string[], migrations: readonly Migration[]): void {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = applied.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new SlipwayError(
    'database-too-new',
    `The database was last used by a newer Slipway (it has ${unknown.join(', ')}, which this one does not know). ` +
      'Start the newer version again, or restore a backup from before the upgrade.',
    { extra: { unknown } },
  );
}

/**
 * Checks that `applied`, the database's migrations, match `migrations`. Fails with `database-too-new` as above, or `store-unavailable` if
 * some are pending: only the server runs them.
 */
export function requireApplied(applied: readonly string[], migrations: readonly Migration[]): void {
  refuseUnknown(applied, migrations);
  if (applied.length === migrations.length) return;
  throw new SlipwayError(
    'store-unavailable',
    'The database was last used by an older Slipway. Start the server once to migrate it.',
  );
}

async function appliedIn(db: Kysely<unknown>): Promise<readonly string[]> {
  const rows = await db
    .withTables<Bookkeeping>()
    .selectFrom('schema_migrations')
    .select('name')
    .orderBy('name')
    .execute();
  return rows.map(({ name }) => name);
}
