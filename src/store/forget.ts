import { sql } from 'kysely';
import type { Database } from './schema.js';

/** Rows that one statement reads. Between two, others write. */
const MAX_ROWS_TOGETHER = 500;

/** Removes deliveries received before the time, except those that are still accepted. Resolves with how many. */
export function forgetDeliveries(db: Database, before: number): Promise<number> {
  return inPieces(async (after) => {
    const rows = await db
      .selectFrom('deliveries')
      .select(['seq as place', 'received_at as at'])
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(MAX_ROWS_TOGETHER)
      .execute();
    const old = rows.filter(({ at }) => at < before).map(({ place }) => place);
    const removed =
      old.length === 0
        ? null
        : await db
            .deleteFrom('deliveries')
            .where('seq', 'in', old)
            .where('status', '!=', 'accepted')
            .executeTakeFirst();
    return { rows, old, removed: Number(removed?.numDeletedRows ?? 0) };
  });
}

/**
 * Removes decisions made before the time, except those that something is compared with: the newest of each branch, forced ones apart.
 * Resolves with how many.
 */
export function forgetDecisions(db: Database, before: number): Promise<number> {
  return inPieces(async (after) => {
    const rows = await db
      .selectFrom('decisions')
      .select(['id as place', 'at'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(MAX_ROWS_TOGETHER)
      .execute();
    const old = rows.filter(({ at }) => at < before).map(({ place }) => place);
    const removed =
      old.length === 0
        ? null
        : await db
            .deleteFrom('decisions')
            .where('id', 'in', old)
            .where(
              sql<boolean>`exists (
                select newer.id from decisions as newer
                where newer.service = decisions.service and newer.branch = decisions.branch and newer.id > decisions.id
                and newer.reason_code <> 'forced'
              )`,
            )
            .executeTakeFirst();
    return { rows, old, removed: Number(removed?.numDeletedRows ?? 0) };
  });
}

/** Removes what is known of commits that releases covered before the time, except the newest of each branch. */
export function forgetCoveredCommits(db: Database, before: number): Promise<number> {
  return inPieces(async (after) => {
    const rows = await db
      .selectFrom('release_commits')
      .select(['seq as place', 'at'])
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(MAX_ROWS_TOGETHER)
      .execute();
    const old = rows.filter(({ at }) => at < before).map(({ place }) => place);
    const removed =
      old.length === 0
        ? null
        : await db
            .deleteFrom('release_commits')
            .where('seq', 'in', old)
            .where(
              sql<boolean>`exists (
                select newer.seq from release_commits as newer
                where newer.service = release_commits.service and newer.branch = release_commits.branch
                and newer.seq > release_commits.seq
              )`,
            )
            .executeTakeFirst();
    return { rows, old, removed: Number(removed?.numDeletedRows ?? 0) };
  });
}

interface Piece {
  readonly rows: readonly { readonly place: number }[];
  readonly old: readonly number[];
  readonly removed: number;
}

/** Rows are about as old as their numbers: behind a piece that holds nothing old comes nothing old. */
async function inPieces(next: (after: number) => Promise<Piece>): Promise<number> {
  let [after, total] = [0, 0];
  for (;;) {
    const { rows, old, removed } = await next(after);
    total += removed;
    after = rows.at(-1)?.place ?? after;
    if (old.length === 0 || rows.length < MAX_ROWS_TOGETHER) return total;
  }
}
