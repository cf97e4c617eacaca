import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { migrate } from '../../../src/store/migrate.js';
import { migrations } from '../../../src/store/migrations/index.js';
import { openStore } from '../../../src/store/open-store.js';
import { openSqlite } from '../../../src/store/sqlite.js';
import { delivery } from '../../contracts/store-samples.js';

const settings = { logLimit: 1000, clock: { now: () => 4711 } };
let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'slipway-store-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

test('a data directory that is missing is made', async () => {
  const missing = join(dataDir, 'a', 'b');
  const store = await openStore({ dataDir: missing, ...settings });
  await store.housekeeping.close();
  expect(await readdir(missing)).toContain('slipway.db');
});

test('a second store in the same process is refused too, and free again after closing', async () => {
  const store = await openStore({ dataDir, ...settings });
  await expect(openStore({ dataDir, ...settings })).rejects.toMatchObject({ code: 'data-dir-locked' });
  await store.deliveries.accept(delivery('d1'), null);
  await store.housekeeping.close();
  const again = await openStore({ dataDir, ...settings });
  expect(await again.deliveries.get('d1')).toEqual(delivery('d1'));
  await again.housekeeping.close();
});

test.each([
  ['a file in place of the directory', '.', /cannot be created: .*EEXIST/],
  ['a directory below a file', 'below', /cannot be created: .*ENOTDIR/],
])('%s is refused with a sentence that says what is wrong', async (_name, path, sentence) => {
  await writeFile(join(dataDir, 'file'), '');
  const refused = openStore({ dataDir: join(dataDir, 'file', path), ...settings });
  await expect(refused).rejects.toMatchObject({ code: 'store-unavailable' });
  await expect(refused).rejects.toThrow(sentence);
});

test.each([
  ['a directory', 'slipway.db', (path: string) => mkdir(path), /slipway\.db cannot be opened: .*EISDIR/],
  ['a directory', 'slipway.lock', (path: string) => mkdir(path), /slipway\.lock cannot be opened: .*EISDIR/],
  ['garbage', 'slipway.db', garbage, /slipway\.db cannot be used: its file is not a SQLite database/],
  ['garbage', 'slipway.lock', garbage, /slipway\.lock cannot be used: its file is not a SQLite database/],
])('%s in place of %s is refused with a sentence that says what is wrong', async (_name, file, put, sentence) => {
  await put(join(dataDir, file));
  const refused = openStore({ dataDir, ...settings });
  await expect(refused).rejects.toMatchObject({ code: 'store-unavailable' });
  await expect(refused).rejects.toThrow(sentence);
});

test('a directory that could not be opened is not kept locked', async () => {
  await garbage(join(dataDir, 'slipway.db'));
  await expect(openStore({ dataDir, ...settings })).rejects.toMatchObject({ code: 'store-unavailable' });
  await rm(join(dataDir, 'slipway.db'));
  const store = await openStore({ dataDir, ...settings });
  await store.housekeeping.close();
});

test('migrations run once, in their order, whatever version the database comes from', async () => {
  const opened = openSqlite(dataDir);
  const upTo = (count: number) => migrate(anyTables(opened.db), migrations.slice(0, count), opened.columns, 1);
  const names = migrations.map(({ name }) => name);
  expect(names).toEqual([...names].sort());
  expect(await upTo(1)).toEqual(names.slice(0, 1));
  expect(await upTo(names.length)).toEqual(names.slice(1));
  expect(await upTo(names.length)).toEqual([]);
  await opened.close();
});

test('a migration that fails leaves the database as it was', async () => {
  const opened = openSqlite(dataDir);
  const failing = { name: '9999-failing', up: () => Promise.reject(new RangeError('no')) };
  await expect(migrate(anyTables(opened.db), [...migrations, failing], opened.columns, 1)).rejects.toThrow('no');
  expect(await migrate(anyTables(opened.db), migrations, opened.columns, 1)).toHaveLength(migrations.length);
  await opened.close();
});

test('a database of a newer Slipway is refused, and not kept locked', async () => {
  const opened = openSqlite(dataDir);
  const newer = [...migrations, { name: '9999-of-tomorrow', up: () => Promise.resolve() }];
  await migrate(anyTables(opened.db), newer, opened.columns, 1);
  await opened.close();
  const refused = openStore({ dataDir, ...settings });
  await expect(refused).rejects.toMatchObject({ code: 'database-too-new', extra: { unknown: ['9999-of-tomorrow'] } });
  await expect(refused).rejects.toThrow('newer Slipway');
  await openSqlite(dataDir).close();
});

async function garbage(path: string): Promise<void> {
  await writeFile(path, 'this is no database. '.repeat(500));
}

function anyTables(db: ReturnType<typeof openSqlite>['db']): Kysely<unknown> {
  return db as Kysely<unknown>;
}
