import type { WaitedOut, WaitingFor } from '../model/waiting-for.js';
import { queuedStatus } from './in-flight.js';
import type { Database } from './schema.js';

/** What looks and queued builds wait out at `now`, the first to be tried again first. */
export async function waitsAt(db: Database, now: number, limit: number): Promise<readonly WaitingFor[]> {
  const [builds, looks] = await Promise.all([
    db
      .selectFrom('builds')
      .select(['waiting', 'not_before as until'])
      .where('status', '=', queuedStatus)
      .where('waiting', 'is not', null)
      .where('not_before', '>', now)
      .orderBy('not_before')
      .limit(limit)
      .execute(),
    db
      .selectFrom('looks')
      .select(['waiting', 'due_at as until'])
      .where('waiting', 'is not', null)
      .where('due_at', '>', now)
      .orderBy('due_at')
      .limit(limit)
      .execute(),
  ]);
  return [...builds, ...looks]
    .flatMap(({ waiting, until }) => (waiting === null ? [] : [{ ...(JSON.parse(waiting) as WaitedOut), until }]))
    .sort((one, other) => one.until - other.until)
    .slice(0, limit);
}
