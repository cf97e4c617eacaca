import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ColumnTypes, Migration } from './migration.js';

/** Deployments with their logs, what they made desired, and what became of releases. */
export const deployments: Migration = {
  name: '0015-deployments',
  async up(db, types) {
    await createDeployments(db, types);
    await createIndexes(db);
    await createLogs(db);
    await createDesired(db, types);
    await createVerdicts(db);
  },
};

async function createDeployments(db: Kysely<unknown>, { sequence }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('deployments')
    .addColumn('seq', sequence.type, sequence.build)
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('environment', 'text', (column) => column.notNull())
    .addColumn('release', 'text')
    .addColumn('release_number', 'integer')
    .addColumn('specification', 'text')
    .addColumn('came_from', 'text')
    .addColumn('leaves', 'integer')
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('waiting', 'text')
    .addColumn('not_before', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('requested_by', 'text', (column) => column.notNull())
    .addColumn('by_person', 'integer', (column) => column.notNull())
    .addColumn('approvals', 'text', (column) => column.notNull().defaultTo('[]'))
    .addColumn('reference', 'text')
    .addColumn('reason', 'text')
    .addColumn('forced', 'integer', (column) => column.notNull())
    .addColumn('adopt', 'text', (column) => column.notNull())
    .addColumn('adopted', 'text', (column) => column.notNull().defaultTo('[]'))
    .addColumn('use_kept', 'integer', (column) => column.notNull())
    .addColumn('removes', 'integer', (column) => column.notNull())
    .addColumn('callback_url', 'text')
    .addColumn('only_hosts', 'text')
    .addColumn('build_id', 'text')
    .addColumn('build_branch', 'text')
    .addColumn('hosts', 'text', (column) => column.notNull().defaultTo('[]'))
    .addColumn('steps', 'text', (column) => column.notNull().defaultTo('[]'))
    .addColumn('warnings', 'text', (column) => column.notNull())
    .addColumn('error', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('started_at', 'bigint')
    .addColumn('finished_at', 'bigint')
    .addColumn('worker', 'text')
    .addColumn('claim', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('cancel_requested', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('turned_back', 'text')
    .addColumn('has_log', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}

async function createIndexes(db: Kysely<unknown>): Promise<void> {
  const index = (name: string, ...columns: string[]) =>
    db.schema.createIndex(name).on('deployments').columns(columns).execute();
  await db.schema
    .createIndex('one_running_deployment_of_a_pair')
    .unique()
    .on('deployments')
    .columns(['environment', 'service'])
    .where(sql.ref('status'), '=', sql.lit('running'))
    .execute();
  await index('deployments_by_status', 'status', 'seq');
  await index('deployments_by_service', 'service', 'seq');
  await index('deployments_by_environment', 'environment', 'seq');
  await index('deployments_by_pair', 'environment', 'service', 'seq');
  await index('deployments_by_release', 'environment', 'service', 'release_number', 'seq');
  await db.schema
    .createIndex('deployments_with_log')
    .on('deployments')
    .column('finished_at')
    .where(sql.ref('has_log'), '=', sql.lit(1))
    .execute();
}

async function createLogs(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('deployment_logs')
    .addColumn('deployment_id', 'text', (column) => column.notNull().references('deployments.id').onDelete('cascade'))
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('is_full', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('chunks_of_deployment', ['deployment_id', 'number'])
    .execute();
}

/** A deployment whose specification they need cannot be removed. */
async function createDesired(db: Kysely<unknown>, { sequence }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('desired')
    .addColumn('environment', 'text', (column) => column.notNull())
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('release', 'text', (column) => column.notNull())
    .addColumn('release_number', 'integer', (column) => column.notNull())
    .addColumn('deployment_id', 'text', (column) => column.notNull().references('deployments.id'))
    .addColumn('wanted', 'text', (column) => column.notNull())
    .addColumn('behind', 'text', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('desired_of_pair', ['environment', 'service'])
    .execute();
  await db.schema
    .createTable('desired_history')
    .addColumn('seq', sequence.type, sequence.build)
    .addColumn('environment', 'text', (column) => column.notNull())
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('release_number', 'integer', (column) => column.notNull())
    .addColumn('deployment_id', 'text', (column) => column.notNull().references('deployments.id'))
    .execute();
  await db.schema
    .createIndex('desired_history_of_pair')
    .on('desired_history')
    .columns(['environment', 'service', 'seq'])
    .execute();
  await db.schema.createIndex('desired_by_deployment').on('desired').column('deployment_id').execute();
  await db.schema.createIndex('desired_history_by_deployment').on('desired_history').column('deployment_id').execute();
}

async function createVerdicts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('release_verdicts')
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('environment', 'text', (column) => column.notNull())
    .addColumn('verdict', 'text', (column) => column.notNull())
    .addColumn('blocked', 'integer', (column) => column.notNull())
    .addColumn('code', 'text')
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('deployment_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('verdict_of_release', ['service', 'number', 'environment'])
    .execute();
}
