import { sql } from 'kysely';
import type { CreateTableBuilder, Kysely } from 'kysely';
import type { ColumnTypes, Migration } from './migration.js';

/** Builds with their steps and logs, and the two rules of the queue that the database itself keeps. */
export const builds: Migration = {
  name: '0002-builds',
  async up(db, types) {
    await createBuilds(db, types);
    await createQueueRules(db);
    await createBuildIndexes(db);
    await createStepsAndLogs(db, types);
  },
};

async function createBuilds(db: Kysely<unknown>, { sequence }: ColumnTypes): Promise<void> {
  const table = db.schema
    .createTable('builds')
    .addColumn('seq', sequence.type, sequence.build)
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('repository', 'text', (column) => column.notNull())
    .addColumn('branch', 'text', (column) => column.notNull())
    .addColumn('commit_id', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('trigger_kind', 'text', (column) => column.notNull())
    .addColumn('trigger_delivery', 'text')
    .addColumn('trigger_by', 'text')
    .addColumn('reason_code', 'text', (column) => column.notNull())
    .addColumn('reason_message', 'text', (column) => column.notNull())
    .addColumn('reason_paths', 'text', (column) => column.notNull())
    .addColumn('reason_patterns', 'text', (column) => column.notNull())
    .addColumn('queued_at', 'bigint', (column) => column.notNull())
    .addColumn('started_at', 'bigint')
    .addColumn('finished_at', 'bigint')
    .addColumn('packaging', 'text', (column) => column.notNull())
    .addColumn('inputs', 'text', (column) => column.notNull());
  await withWork(withResult(table)).execute();
}

/** How to build it, and the state of the queue. */
function withWork<Name extends string, Columns extends string>(table: CreateTableBuilder<Name, Columns>) {
  return table
    .addColumn('forced', 'integer', (column) => column.notNull())
    .addColumn('every_push', 'integer', (column) => column.notNull())
    .addColumn('no_cache', 'integer', (column) => column.notNull())
    .addColumn('fresh', 'integer', (column) => column.notNull())
    .addColumn('artifact_id', 'text')
    .addColumn('version', 'text')
    .addColumn('callback_url', 'text')
    .addColumn('attempt', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('not_before', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('worker', 'text')
    .addColumn('lease_until', 'bigint')
    .addColumn('cancel_requested', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('has_log', 'integer', (column) => column.notNull().defaultTo(0));
}

/** Its results. */
function withResult<Name extends string, Columns extends string>(table: CreateTableBuilder<Name, Columns>) {
  return table
    .addColumn('outcome', 'text')
    .addColumn('dockerfile', 'text')
    .addColumn('image_repository', 'text')
    .addColumn('image_digest', 'text')
    .addColumn('image_tags', 'text')
    .addColumn('error', 'text')
    .addColumn('was_head', 'integer')
    .addColumn('engine_image', 'text')
    .addColumn('fingerprint', 'text')
    .addColumn('reused_from', 'text');
}

async function createQueueRules(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('one_running_build_of_a_service')
    .unique()
    .on('builds')
    .column('service')
    .where(sql.ref('status'), '=', sql.lit('running'))
    .execute();
  await db.schema
    .createIndex('one_queued_build_of_a_branch')
    .unique()
    .on('builds')
    .columns(['service', 'branch'])
    .where(sql.ref('status'), '=', sql.lit('queued'))
    .where(sql.ref('forced'), '=', sql.lit(0))
    .where(sql.ref('every_push'), '=', sql.lit(0))
    .execute();
}

async function createBuildIndexes(db: Kysely<unknown>): Promise<void> {
  const index = (name: string, ...columns: string[]) =>
    db.schema.createIndex(name).on('builds').columns(columns).execute();
  await index('builds_by_status', 'status', 'seq');
  await index('builds_by_branch', 'branch', 'seq');
  await index('builds_by_service', 'service', 'seq');
  await index('builds_by_service_and_status', 'service', 'status', 'seq');
  await index('builds_by_service_and_branch', 'service', 'branch', 'seq');
  await index('builds_by_service_and_commit', 'service', 'commit_id', 'seq');
  await db.schema
    .createIndex('builds_with_artifact')
    .on('builds')
    .column('artifact_id')
    .where(sql.ref('artifact_id'), 'is not', sql.lit(null))
    .execute();
  await db.schema
    .createIndex('builds_as_baseline')
    .on('builds')
    .columns(['service', 'branch', 'finished_at', 'seq'])
    .where(sql.ref('status'), '=', sql.lit('succeeded'))
    .where(sql.ref('was_head'), '=', sql.lit(1))
    .execute();
  await db.schema
    .createIndex('builds_with_log')
    .on('builds')
    .column('finished_at')
    .where(sql.ref('has_log'), '=', sql.lit(1))
    .execute();
}

async function createStepsAndLogs(db: Kysely<unknown>, { sequence }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('steps')
    .addColumn('seq', sequence.type, sequence.build)
    .addColumn('build_id', 'text', (column) => column.notNull().references('builds.id').onDelete('cascade'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('finished_at', 'bigint')
    .execute();
  await db.schema.createIndex('steps_by_build').on('steps').columns(['build_id', 'seq']).execute();
  await db.schema
    .createTable('log_chunks')
    .addColumn('build_id', 'text', (column) => column.notNull().references('builds.id').onDelete('cascade'))
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('is_full', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('log_chunks_of_build', ['build_id', 'number'])
    .execute();
}
