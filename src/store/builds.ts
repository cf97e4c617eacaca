import { sql } from 'kysely';
import type { Build } from '../model/build.js';
import { lineOf, peekOldest } from './claim.js';
import type { Builds } from './contract.js';
import { dockerfileOf } from './dockerfiles.js';
import { hindrancesOf } from './hindrances.js';
import { lowerRepository } from './looks.js';
import { decodeCursor, ofCommit, pageOf } from './pages.js';
import { buildOf, imageOf, inputsOf } from './rows.js';
import type { BuildRow, Database, InTransaction, StepRow } from './schema.js';

export function createBuilds(db: Database): Builds {
  return {
    async get(id) {
      return withSteps(db, await db.selectFrom('builds').selectAll().where('id', '=', id).executeTakeFirst());
    },
    async page(query) {
      const below = decodeCursor(query.cursor);
      let rows = db.selectFrom('builds').selectAll();
      if (query.service !== undefined) rows = rows.where('service', '=', query.service);
      if (query.repository !== undefined) rows = rows.where(lowerRepository, '=', query.repository.toLowerCase());
      if (query.branch !== undefined) rows = rows.where('branch', '=', query.branch);
      if (query.commit !== undefined) rows = rows.where(ofCommit(sql.ref('commit_id'), query.commit));
      if (query.status !== undefined) rows = rows.where('status', '=', query.status);
      if (below !== null) rows = rows.where('seq', '<', below);
      const found = await rows
        .orderBy('seq', 'desc')
        .limit(query.limit + 1)
        .execute();
      const steps = await stepsOf(
        db,
        found.map(({ id }) => id),
      );
      return pageOf(found, query, (row) => buildOf(row, steps.get(row.id) ?? []));
    },
    async baseline(service, branch) {
      const row = await baselineRow(db, { service, branch });
      const image = row ? imageOf(row) : null;
      return row && image ? { buildId: row.id, commit: row.commit_id, inputs: inputsOf(row), image } : null;
    },
    async newest(service, branch, commit) {
      let rows = db.selectFrom('builds').selectAll().where('service', '=', service).where('branch', '=', branch);
      if (commit !== undefined) rows = rows.where('commit_id', '=', commit);
      return withSteps(db, await rows.orderBy('seq', 'desc').limit(1).executeTakeFirst());
    },
    async succeeded(service, commit) {
      const row = await db
        .selectFrom('builds')
        .selectAll()
        .where('service', '=', service)
        .where('commit_id', '=', commit)
        .where('status', '=', 'succeeded')
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst();
      return withSteps(db, row);
    },
    dockerfile: (id) => dockerfileOf(db, id),
    hindrances: (ids) => hindrancesOf(db, ids),
    line: (now) => lineOf(db, now),
    upcoming: async (now, limit) => allWithSteps(db, await peekOldest(db, now, limit)),
  };
}

/** The build that is the branch's baseline. */
export const baselineRow = (
  db: Database | InTransaction,
  { service, branch }: { readonly service: string; readonly branch: string },
) =>
  db
    .selectFrom('builds')
    .select(['id', 'commit_id', 'inputs', 'image_repository', 'image_digest', 'image_tags'])
    .where('service', '=', service)
    .where('branch', '=', branch)
    .where('status', '=', sql.lit('succeeded'))
    .where('was_head', '=', sql.lit(1))
    .orderBy('finished_at', 'desc')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();

/** The row as a build, with its steps in order. */
export async function withSteps(db: Database, row: BuildRow | undefined): Promise<Build | null> {
  return row === undefined ? null : ((await allWithSteps(db, [row]))[0] ?? null);
}

async function allWithSteps(db: Database, rows: readonly BuildRow[]): Promise<readonly Build[]> {
  const ids = rows.map(({ id }) => id);
  const steps = await stepsOf(db, ids);
  return rows.map((row) => buildOf(row, steps.get(row.id) ?? []));
}

async function stepsOf(db: Database, ids: readonly string[]): Promise<ReadonlyMap<string, readonly StepRow[]>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('steps')
    .selectAll()
    .where('build_id', 'in', ids)
    .orderBy('build_id')
    .orderBy('seq')
    .execute();
  const byBuild = new Map<string, StepRow[]>();
  for (const row of rows) byBuild.set(row.build_id, [...(byBuild.get(row.build_id) ?? []), row]);
  return byBuild;
}
