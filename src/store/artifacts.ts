import { sql } from 'kysely';
import type { Artifacts } from './contract.js';
import { queuedStatus, runningStatus } from './in-flight.js';
import { artifactOf } from './rows.js';
import type { Database } from './schema.js';

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
    async newest(service, branch) {
      const row = await db
        .selectFrom('artifacts')
        .selectAll()
        .where('service', '=', service)
        .where('branch', '=', branch)
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? artifactOf(row) : null;
    },
    ofCommit: (service, commit) => newestOfCommit(db, service, commit),
    async expire(before) {
      const rows = await db
        .deleteFrom('artifacts')
        .where('received_at', '<', before)
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('artifacts as newer')
              .select('newer.seq')
              .whereRef('newer.service', '=', 'artifacts.service')
              .whereRef('newer.branch', '=', 'artifacts.branch')
              .whereRef('newer.seq', '>', 'artifacts.seq'),
          ),
        )
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
    },
    async files() {
      const rows = await db.selectFrom('artifacts').select('file').execute();
      return new Set(rows.map(({ file }) => file));
    },
  };
}

async function newestOfCommit(db: Database, service: string, commit: string) {
  const all = db.selectFrom('artifacts').selectAll();
  const rows = await all.where('service', '=', service).where('commit_id', '=', commit).execute();
  // A commit has few, and no index sorts them.
  const newest = rows.sort((a, b) => b.seq - a.seq)[0];
  return newest ? artifactOf(newest) : null;
}
