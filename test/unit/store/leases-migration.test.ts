/** What the migration to leases makes of work that an older Slipway had in hand when it died. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { migrate } from '../../../src/store/migrate.js';
import { migrations } from '../../../src/store/migrations/index.js';
import { openStore } from '../../../src/store/open-store.js';
import { openSqlite } from '../../../src/store/sqlite.js';

const LAST_BEFORE = '0009-joined';

test('it counts a death, but for what was left in good order', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'slipway-store-'));
  const older = migrations.filter(({ name }) => name <= LAST_BEFORE);
  const { db, columns, close } = openSqlite(dataDir);
  await migrate(db as Kysely<unknown>, older, columns, 1);
  const insert = async (
    id: string,
    status: string,
    worker: string | null,
    lease: number | null,
    ahead: string | null,
  ) => {
    await sql`
      insert into builds (id, service, repository, branch, commit_id, status, trigger_kind, reason_code, reason_message, reason_paths,
        reason_patterns, queued_at, packaging, inputs, forced, every_push, no_cache, fresh, worker, lease_until, prepared_by)
      values (${id}, ${id}, 'abc/app', 'main', 'c', ${status}, 'push', 'first-build', '', '[]', '[]', 1, 'p', '{}', 1, 0, 0, 0,
        ${worker}, ${lease}, ${ahead})
    `.execute(db);
  };
  await insert('running', 'running', 'w1', 9000, null);
  await insert('left', 'running', 'w2', 0, null);
  await insert('ahead', 'queued', null, null, 'w3');
  await insert('waiting', 'queued', null, null, null);
  await close();

  const store = await openStore({ dataDir, logLimit: 1000, clock: { now: () => 5000 } });
  await store.workers.join('next');
  expect(await store.housekeeping.recover('next')).toEqual(['running', 'left']);
  const { items } = await store.builds.page({ limit: 9, cursor: null });
  expect(items.map(({ id, status, deaths, claim }) => [id, status, deaths, claim])).toEqual([
    ['waiting', 'queued', 0, 0],
    ['ahead', 'queued', 1, 0],
    ['left', 'queued', 0, 0],
    ['running', 'queued', 1, 0],
  ]);
  await store.housekeeping.close();
  await rm(dataDir, { recursive: true, force: true });
});
