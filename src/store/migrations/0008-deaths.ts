import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ColumnTypes, Migration } from './migration.js';

/** Work in progress, deaths, and set-asides. */
export const deaths: Migration = {
  name: '0008-deaths',
  async up(db, types) {
    await markLooks(db);
    await markBuilds(db);
    await createSetAside(db, types);
  },
};

async function markLooks(db: Kysely<unknown>): Promise<void> {
  const looks = db.schema.alterTable('looks');
  await looks.addColumn('deaths', 'integer', (column) => column.notNull().defaultTo(0)).execute();
  await looks.addColumn('worker', 'text').execute();
  await looks.addColumn('target', 'text').execute();
  await db.schema
    .createIndex('looks_in_hand')
    .on('looks')
    .column('worker')
    .where(sql.ref('worker'), 'is not', sql.lit(null))
    .execute();
  await db.schema
    .createIndex('looks_with_deaths')
    .on('looks')
    .columns(['due_at', 'id'])
    .where(sql.ref('deaths'), '>', sql.lit(0))
    .execute();
  await db.schema.createIndex('looks_by_ref').on('looks').columns(['repository', 'ref', 'id']).execute();
}

async function markBuilds(db: Kysely<unknown>): Promise<void> {
  const builds = db.schema.alterTable('builds');
  await builds.addColumn('deaths', 'integer', (column) => column.notNull().defaultTo(0)).execute();
  await builds.addColumn('prepared_by', 'text').execute();
  await db.schema
    .createIndex('builds_being_prepared')
    .on('builds')
    .column('prepared_by')
    .where(sql.ref('prepared_by'), 'is not', sql.lit(null))
    .execute();
  await db.schema
    .createIndex('builds_with_deaths')
    .on('builds')
    .column('status')
    .where(sql.ref('deaths'), '>', sql.lit(0))
    .execute();
}

async function createSetAside(db: Kysely<unknown>, { sequence }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('set_aside')
    .addColumn('id', sequence.type, sequence.build)
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('repository', 'text', (column) => column.notNull())
    .addColumn('ref', 'text')
    .addColumn('service', 'text')
    .addColumn('branch', 'text')
    .addColumn('commit_id', 'text')
    .addColumn('delivery', 'text')
    .addColumn('build_id', 'text', (column) => column.unique())
    .execute();
  await db.schema.createIndex('set_aside_by_branch').on('set_aside').columns(['service', 'branch']).execute();
}
