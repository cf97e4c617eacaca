import { sql } from 'kysely';
import type { Artifact } from '../model/artifact.js';
import type { Artifacts } from './contract.js';
import { queuedStatus, runningStatus } from './in-flight.js';
import { artifactOf } from './rows.js';
import type { Database, InTransaction } from './schema.js';

export function createArtifacts(db: Database): Artifacts {
  return {
    async add(artifact) {
      const { commit, receivedAt, ...same } = artifact;
      await db
        .insertInto('artifacts')
        .values({ ...same, commit_id: commit, received_at: receivedAt })
        .execute();
    },
    async get(id) {
      const row = await db.selectFrom('artifacts').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? artifactOf(row) : null;
    },
    async commits(service) {
      const rows = await db
        .selectFrom('artifacts')
        .select('commit_id')
        .distinct()
        .where('service', '=', service)
        .execute();
      return new Set(rows.map(({ commit_id }) => commit_id));
    },
    async ofCommit(service, commit) {
      const row = await db
        .selectFrom('artifacts')
        .selectAll()
        .where('service', '=', service)
        .where('commit_id', '=', commit)
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? artifactOf(row) : null;
    },
    async olderThan(before) {
      const rows = await db.selectFrom('artifacts').selectAll().where('received_at', '<', before).execute();
      return rows.map(artifactOf);
    },
    remove: (ids) =>
      db.transaction().execute(async (trx) => {
        const removed: Artifact[] = [];
        for (let at = 0; at < ids.length; at += IDS_OF_A_STATEMENT) {
          removed.push(...(await removeUnneeded(trx, ids.slice(at, at + IDS_OF_A_STATEMENT))));
        }
        return removed;
      }),
    async files() {
      const rows = await db.selectFrom('artifacts').select('file').execute();
      return new Set(rows.map(({ file }) => file));
    },
  };
}

/** SQLite takes 32,766 parameters (https://www.sqlite.org/limits.html), and a long statement holds up everybody else. */
const IDS_OF_A_STATEMENT = 500;

async function removeUnneeded(trx: InTransaction, ids: readonly string[]): Promise<readonly Artifact[]> {
  const rows = await trx
    .deleteFrom('artifacts')
    .where('id', 'in', ids)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('builds')
            .select(sql.lit(1).as('one'))
            .whereRef('builds.artifact_id', '=', 'artifacts.id')
            .where('builds.status', 'in', [queuedStatus, runningStatus]),
        ),
      ),
    )
    .returningAll()
    .execute();
  return rows.map(artifactOf);
}
