/** Which commits wait until they are on the disk, and which need not. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import type { Store } from '../../../src/store/contract.js';
import { migrate } from '../../../src/store/migrate.js';
import { migrations } from '../../../src/store/migrations/index.js';
import { createStore } from '../../../src/store/open-store.js';
import type { OpenedDatabase } from '../../../src/store/dialect.js';
import { openSqlite } from '../../../src/store/sqlite.js';
import type { Database } from '../../../src/store/schema.js';
import { begin, delivery, look, newBuild, queue, success } from '../../contracts/store-samples.js';

let dataDir: string;
let opened: OpenedDatabase;
let store: Store;
const statements: string[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'slipway-store-'));
  opened = openSqlite(dataDir, ({ query }) => void statements.push(query.sql));
  await migrate(opened.db as Kysely<unknown>, migrations, opened.columns, 1);
  store = storeOver(opened);
});
afterEach(async () => {
  await opened.close();
  await rm(dataDir, { recursive: true, force: true });
});

const storeOver = (database: OpenedDatabase) => createStore(database, 1_000_000, { now: () => 1 });

/** `pragma synchronous`: 0 never waits, 1 not for a commit, 2 for each. */
const level = async (db: Database): Promise<unknown> =>
  (await sql<{ readonly synchronous: number }>`pragma synchronous`.execute(db)).rows[0]?.synchronous;

test('a transaction that need not wait does not, and the next one does, however it ended', async () => {
  const { db } = opened;
  const [within, beside] = await Promise.all([opened.withoutWaiting((trx) => level(trx)), level(db)]);
  expect([within, beside]).toEqual([1, 2]);
  await expect(opened.withoutWaiting(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await level(db)).toBe(2);
});

test('a database that was never to wait still does not', async () => {
  const { db } = opened;
  await sql`pragma synchronous = off`.execute(db);
  expect(await opened.withoutWaiting((trx) => level(trx))).toBe(0);
  expect(await level(db)).toBe(0);
});

async function waits(work: () => Promise<unknown>): Promise<boolean> {
  statements.length = 0;
  await work();
  expect(statements).not.toEqual([]);
  return !statements.includes('pragma synchronous = normal');
}

test('whatever was reported to somebody waits', async () => {
  const build = await begin(store);
  expect(await waits(() => store.deliveries.accept(delivery('one'), look()))).toBe(true);
  expect(await waits(() => store.decisions.record({ look: null, deliveryId: null, decisions: [] }, 1))).toBe(true);
  expect(await waits(() => store.queue.finish(build, success(), 1, []))).toBe(true);
  expect(await waits(() => store.housekeeping.cancel(build.id, 1))).toBe(true);
  expect(await waits(() => store.housekeeping.once('key', 'request', 'build'))).toBe(true);
});

test('what would be found out again does not wait', async () => {
  const attempt = await begin(store, newBuild());
  await queue(store, newBuild({ service: 'other' }));
  const added = await store.looks.add(look());
  expect(await waits(() => store.decisions.record({ look: added, deliveryId: null, decisions: [] }, 1))).toBe(false);
  expect(await waits(() => store.queue.claim('w'))).toBe(false);
  expect(await waits(() => store.queue.progress(attempt, { wasHead: true }))).toBe(false);
  expect(await waits(() => store.logs.append(attempt, 'text'))).toBe(false);
});

test('nothing but the dialect says how a commit is not waited for', async () => {
  const { db } = opened;
  const other = storeOver({ ...opened, withoutWaiting: (work) => db.transaction().execute(work) });
  const build = newBuild();
  await queue(other, build);
  statements.length = 0;
  const added = await other.inHand.addLook(look(), 'w');
  await other.decisions.record({ look: added, deliveryId: null, decisions: [] }, 1);
  await other.workers.join('w');
  const claimed = await other.queue.claim('w');
  if (claimed === null) throw new Error('nothing was claimed');
  await other.queue.progress(claimed, { wasHead: true });
  await other.logs.append(claimed, 'text');
  expect(statements.length).toBeGreaterThan(5);
  expect(statements.filter((text) => text.startsWith('pragma'))).toEqual([]);
});
