import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { migrate } from '../../../src/store/migrate.js';
import { migrations } from '../../../src/store/migrations/index.js';
import { createStore } from '../../../src/store/open-store.js';
import { openSqlite } from '../../../src/store/sqlite.js';
import { begin } from '../../contracts/store-samples.js';

test('steps and text that are reported together are stored by one commit', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'slipway-store-'));
  const said: string[] = [];
  const opened = openSqlite(dataDir, ({ query }) => void said.push(query.sql));
  await migrate(opened.db as Kysely<unknown>, migrations, opened.columns, 1);
  const store = createStore(opened, 1000, { now: () => 1 });
  const build = await begin(store);

  said.length = 0;
  const missing = store.logs.append({ id: 'nothing', claim: 1 }, 'x');
  await Promise.all([
    store.queue.steps(build, [{ name: 'fetch', startedAt: 2001 }]),
    store.logs.append(build, 'one\n'),
    store.queue.steps(build, [{ name: 'fetch', finishedAt: 2002 }]),
    store.logs.append(build, 'two\n'),
  ]);
  expect(said.filter((sql) => /^(begin|commit)/.test(sql))).toEqual(['begin', 'commit']);
  expect(await missing).toBe(false);
  expect((await store.logs.read(build.id, 0)).text).toBe('one\ntwo\n');
  expect((await store.builds.get(build.id))?.steps).toMatchObject([
    { name: 'fetch', startedAt: 2001, finishedAt: 2002 },
  ]);
  await opened.close();
  await rm(dataDir, { recursive: true, force: true });
});
