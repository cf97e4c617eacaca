import { sql, type DeleteResult } from 'kysely';
import type { Database } from './schema.js';

/** Rows that one statement reads. Between two, others write. */
const MAX_ROWS_TOGETHER = 500;

/** Removes deliveries received before the time, except those that are still accepted. Resolves with how many. */
export function forgetDeliveries(db: Database, before: number): Promise<number> {
  return inPieces(before, {
    read: (after) =>
      db
        .selectFrom('deliveries')
        .select(['seq as place', 'received_at as at'])
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(MAX_ROWS_TOGETHER)
        .execute(),
    remove: (old) =>
      db.deleteFrom('deliveries').where('seq', 'in', old).where('status', '!=', 'accepted').executeTakeFirst(),
  });
}

/**
 * Removes decisions made before the time, except those that something is compared with: the newest of each branch, forced ones apart.
 * Resolves with how many.
 */
export function forgetDecisions(db: Database, before: number): Promise<number> {
  return inPieces(before, {
    read: (after) =>
      db
        .selectFrom('decisions')
        .select(['id as place', 'at'])
        .where('id', '>', after)
        .orderBy('id')
        .limit(MAX_ROWS_TOGETHER)
        .execute(),
    remove: (old) =>
      db
        .deleteFrom('decisions')
        .where('id', 'in', old)
        .where(
          sql<boolean>`exists (
            select newer.id from decisions as newer
            where newer.service = decisions.service and newer.branch = decisions.branch and newer.id > decisions.id
            and newer.reason_code <> 'forced'
          )`,
        )
        .executeTakeFirst(),
  });
}

/** Removes what is known of commits that releases covered before the time, except the newest of each branch. */
export function forgetCoveredCommits(db: Database, before: number): Promise<number> {
  return inPieces(before, {
    read: (after) =>
      db
        .selectFrom('release_commits')
        .select(['seq as place', 'at'])
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(MAX_ROWS_TOGETHER)
        .execute(),
    remove: (old) =>
      db
        .deleteFrom('release_commits')
        .where('seq', 'in', old)
        .where(
          sql<boolean>`exists (
            select newer.seq from release_commits as newer
            where newer.service = release_commits.service and newer.branch = release_commits.branch
            and newer.seq > release_commits.seq
          )`,
        )
        .executeTakeFirst(),
  });
}

/**
 * Removes deployments that ended before the time, with their logs, except those whose specification is desired or was desired before, and
 * those that may have made the containers of what is desired: a repair gives them its own id.
 * Resolves with how many.
 */
export function forgetDeployments(db: Database, before: number): Promise<number> {
  return inPieces(before, {
    read: (after) =>
      db
        .selectFrom('deployments')
        .select(['seq as place', 'created_at as at'])
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(MAX_ROWS_TOGETHER)
        .execute(),
    remove: (old) =>
      db
        .deleteFrom('deployments')
        .where('seq', 'in', old)
        .where('finished_at', '<', before)
        // By these, containers are known that were taken without a seal.
        .where(({ not, and, eb }) => not(and([eb('kind', '=', 'adopt'), eb('adopted', '<>', '[]')])))
        .where(
          sql<boolean>`not exists (
            select desired.service from desired where desired.deployment_id = deployments.id
          ) and not exists (
            select desired_history.seq from desired_history where desired_history.deployment_id = deployments.id
          ) and not (deployments.kind in ('repair', 'restart', 'start') and exists (
            select desired.service from desired
            where desired.environment = deployments.environment and desired.service = deployments.service
              and desired.since <= deployments.finished_at
          ))`,
        )
        .executeTakeFirst(),
  });
}

/** Removes entries of the audit list that are older than the time. Resolves with how many. */
export function forgetAudit(db: Database, before: number): Promise<number> {
  return inPieces(before, {
    read: (after) =>
      db
        .selectFrom('audit')
        .select(['seq as place', 'at'])
        .where('seq', '>', after)
        .orderBy('seq')
        .limit(MAX_ROWS_TOGETHER)
        .execute(),
    remove: (old) => db.deleteFrom('audit').where('seq', 'in', old).executeTakeFirst(),
  });
}

interface Forgetting {
  /** The next rows behind a place, in order. */
  read(after: number): Promise<readonly { readonly place: number; readonly at: number }[]>;
  /** Removes those of the places that may go. */
  remove(old: readonly number[]): Promise<DeleteResult>;
}

/** Rows are about as old as their numbers: behind a piece that holds nothing old comes nothing old. Resolves with how many were removed. */
async function inPieces(before: number, { read, remove }: Forgetting): Promise<number> {
  let [after, total] = [0, 0];
  for (;;) {
    const rows = await read(after);
    const old = rows.filter(({ at }) => at < before).map(({ place }) => place);
    if (old.length === 0) return total;
    total += Number((await remove(old)).numDeletedRows);
    after = rows.at(-1)?.place ?? after;
    if (rows.length < MAX_ROWS_TOGETHER) return total;
  }
}
