/** What the migration to gates makes of deployments that an older Slipway had begun. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { migrate } from '../../../src/store/migrate.js';
import { migrations } from '../../../src/store/migrations/index.js';
import { openStore } from '../../../src/store/open-store.js';
import { openSqlite } from '../../../src/store/sqlite.js';

const LAST_BEFORE = '0017-former-names';

test('what has begun is not stopped at a gate, and everything else is as if it were new', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'slipway-store-'));
  const older = migrations.filter(({ name }) => name <= LAST_BEFORE);
  const { db, columns, close } = openSqlite(dataDir);
  await migrate(db as Kysely<unknown>, older, columns, 1);
  const insert = (id: string, status: string, begun: number | null) =>
    sql`
      insert into deployments (id, kind, service, environment, status, requested_by, by_person, forced, adopt, use_kept, removes, warnings,
        created_at, started_at, finished_at)
      values (${id}, 'deployment', ${id}, 'production', ${status}, 'ops', 1, 0, '[]', 0, 0, '[]', 1, ${begun},
        ${status === 'succeeded' ? 3 : null})
    `.execute(db);
  await insert('running', 'running', 2);
  await insert('left', 'pending', 2);
  await insert('waiting', 'pending', null);
  await insert('ended', 'succeeded', 2);
  await close();

  const { deployments, housekeeping } = await openStore({ dataDir, logLimit: 1000, clock: { now: () => 5000 } });
  const { items } = await deployments.page({ limit: 9, cursor: null });
  expect(items.map(({ id, gate }) => [id, gate])).toEqual([
    ['ended', null],
    ['waiting', null],
    ['left', 'passed'],
    ['running', 'passed'],
  ]);
  await housekeeping.close();
  await rm(dataDir, { recursive: true, force: true });
});
