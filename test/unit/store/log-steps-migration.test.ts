/** What the migration to steps of logs makes of a log that an older Slipway wrote. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { migrate } from '../../../src/store/migrate.js';
import { migrations } from '../../../src/store/migrations/index.js';
import { createStore } from '../../../src/store/open-store.js';
import { openSqlite } from '../../../src/store/sqlite.js';
import { begin } from '../../contracts/store-samples.js';

test('old text has no time, no step and no line numbers, and old steps get a kind', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'slipway-store-'));
  const opened = openSqlite(dataDir);
  await migrate(opened.db as Kysely<unknown>, migrations, opened.columns, 1);
  const store = createStore(opened, 1000, { now: () => 1 });
  const build = await begin(store);
  const names = ['fetch', '[1/2] FROM x', 'exporting to image'];
  for (const name of names)
    await sql`insert into steps (build_id, name, started_at) values (${build.id}, ${name}, 1)`.execute(opened.db);
  await sql`insert into log_chunks (build_id, number, text, bytes, is_full) values (${build.id}, 0, ${'old\n'}, 4, 0)`.execute(
    opened.db,
  );
  await store.logs.append(build, 'new\n', { at: 9, step: 1, opens: true });
  expect(await store.logs.chunks(build.id, 0)).toEqual([
    { number: 0, at: null, step: null, text: 'old\n' },
    { number: 1, at: 9, step: 1, text: 'new\n' },
  ]);
  const shown = await store.builds.get(build.id);
  expect(shown?.steps.map(({ kind, cached, line }) => [kind, cached, line])).toEqual([
    ['slipway', false, null],
    ['dockerfile', false, null],
    ['engine', false, null],
  ]);
  await opened.close();
  await rm(dataDir, { recursive: true, force: true });
});
