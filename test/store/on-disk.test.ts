import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { SlipwayError } from '../../src/errors.js';
import type { Store } from '../../src/store/contract.js';
import { migrate } from '../../src/store/migrate.js';
import { migrations } from '../../src/store/migrations/index.js';
import { createStore } from '../../src/store/open-store.js';
import { openSqlite, sqliteColumns, type OpenedDatabase } from '../../src/store/sqlite.js';
import { delivery, look } from '../contracts/store-samples.js';

let dataDir: string;
let opened: OpenedDatabase;
const storeOn = (settled: () => Promise<void>): Store =>
  createStore({ ...opened, settled }, 1_000_000, { now: () => 1 });

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'slipway-store-'));
  opened = openSqlite(dataDir);
  await migrate(opened.db as Kysely<unknown>, migrations, sqliteColumns, 1);
});
afterEach(async () => {
  await opened.close();
  await rm(dataDir, { recursive: true, force: true });
});

test('a delivery is accepted once it is on the disk', async () => {
  const steps: string[] = [];
  const store = storeOn(async () => {
    const stored = await store.deliveries.get('d1');
    steps.push(`synced with ${stored?.id}`);
  });
  steps.push(await store.deliveries.accept(delivery('d1'), look()));
  expect(steps).toEqual(['synced with d1', 'accepted']);
});

test('a delivery that cannot be put on the disk is not accepted', async () => {
  const lost = new SlipwayError('store-unavailable', 'The disk is gone.');
  const store = storeOn(() => Promise.reject(lost));
  await expect(store.deliveries.accept(delivery('d1'), look())).rejects.toBe(lost);
});

test('what is synced is the log that the database writes, for as long as it is open', async () => {
  const store = storeOn(() => opened.settled());
  const log = join(dataDir, 'slipway.db-wal');
  await store.deliveries.accept(delivery('d0'), null);
  const { ino, size } = await stat(log);
  expect(size).toBeGreaterThan(0);
  const reason = 'x'.repeat(50_000);
  for (let number = 1; number <= 200; number += 1)
    await store.deliveries.accept(delivery(`d${number}`, { reason }), null);
  expect((await stat(log)).ino).toBe(ino);
});
