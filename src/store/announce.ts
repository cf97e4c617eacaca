import type { Announcement } from './contract.js';
import type { Database } from './schema.js';

/** Part of the transaction that makes it true. What is announced already is announced once. */
export async function announce(db: Database, kind: Announcement['kind'], ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db
    .insertInto('announcements')
    .values(ids.map((subject) => ({ kind, subject })))
    .onConflict((conflict) => conflict.columns(['kind', 'subject']).doNothing())
    .execute();
}
