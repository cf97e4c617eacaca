import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { migrate } from '../../../src/store/migrate.js';
import { migrations } from '../../../src/store/migrations/index.js';
import { openReader } from '../../../src/store/open-reader.js';
import { openStore } from '../../../src/store/open-store.js';
import { openSqlite } from '../../../src/store/sqlite.js';
import { delivery, look } from '../../contracts/store-samples.js';

const clock = { now: () => 1 };
let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'slipway-store-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

test('a reader sees what a running server writes, and writes nothing itself', async () => {
  const store = await openStore({ dataDir, logLimit: 1000, clock });
  const reader = openReader(dataDir, clock);
  await store.deliveries.accept(delivery('d1'), null);
  expect(await reader.deliveries.get('d1')).toEqual(delivery('d1'));
  const readOnly = { code: 'store-unavailable', message: expect.stringContaining('read-only') };
  await expect(reader.looks.add(look())).rejects.toMatchObject(readOnly);
  await expect(reader.deliveries.accept(delivery('d2'), null)).rejects.toMatchObject(readOnly);
  await reader.housekeeping.close();
  expect(await store.deliveries.accept(delivery('d2'), null)).toBe('accepted');
  await store.housekeeping.close();
});

test('a reader keeps no server from starting', async () => {
  await (await openStore({ dataDir, logLimit: 1000, clock })).housekeeping.close();
  const reader = openReader(dataDir, clock);
  const store = await openStore({ dataDir, logLimit: 1000, clock });
  await store.housekeeping.close();
  await reader.housekeeping.close();
});

test('a directory without a database cannot be read, and none is made', async () => {
  expect(() => openReader(dataDir, clock)).toThrow(expect.objectContaining({ code: 'store-unavailable' }));
  expect(await readdir(dataDir)).toEqual([]);
});

test.each([
  ['without tables', [], 'store-unavailable'],
  ['of an older Slipway', migrations.slice(0, 1), 'store-unavailable'],
  [
    'of a newer Slipway',
    [...migrations, { name: '9999-of-tomorrow', up: () => Promise.resolve() }],
    'database-too-new',
  ],
])('a database %s is refused', async (_name, applied, code) => {
  const opened = openSqlite(dataDir);
  if (applied.length > 0) await migrate(opened.db as Kysely<unknown>, applied, opened.columns, 1);
  await opened.close();
  expect(() => openReader(dataDir, clock)).toThrow(expect.objectContaining({ code }));
});
