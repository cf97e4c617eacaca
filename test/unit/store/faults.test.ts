import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql, type Kysely } from 'kysely';
import Libsql from 'libsql';
import type { Store } from '../../../src/store/contract.js';
import { migrate } from '../../../src/store/migrate.js';
import { migrations } from '../../../src/store/migrations/index.js';
import { createStore } from '../../../src/store/open-store.js';
import type { OpenedDatabase } from '../../../src/store/dialect.js';
import { openSqlite } from '../../../src/store/sqlite.js';
import { begin, delivery, head, look, newBuild, queue } from '../../contracts/store-samples.js';

let dataDir: string;
let opened: OpenedDatabase;
let store: Store;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'slipway-store-'));
  opened = openSqlite(dataDir);
  await migrate(opened.db as Kysely<unknown>, migrations, opened.columns, 1);
  store = createStore(opened, 1_000_000, { now: () => 1 });
});
afterEach(async () => {
  await opened.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** As a full disk does, this ends in SQLITE_FULL: no page may be added to the file. */
async function fillDisk(): Promise<void> {
  await sql`pragma max_page_count = 1`.execute(opened.db);
}

async function freeDisk(): Promise<void> {
  await sql`pragma max_page_count = 1000000`.execute(opened.db);
}

const large = 'x'.repeat(200_000);

test('on a full disk every delivery of the group is refused as store-unavailable, and none is stored', async () => {
  await fillDisk();
  const group = [delivery('d1'), delivery('d2', { reason: large }), delivery('d3')];
  const answers = await Promise.allSettled(group.map((each) => store.deliveries.accept(each, look())));
  const refused = { code: 'store-unavailable', message: expect.stringContaining('the disk is full') };
  expect(answers).toMatchObject(group.map(() => ({ status: 'rejected', reason: refused })));
  await freeDisk();
  expect((await store.deliveries.page({ limit: 10, cursor: null })).items).toEqual([]);
});

test('when there is room again, the same deliveries are accepted', async () => {
  await fillDisk();
  await expect(store.deliveries.accept(delivery('d1', { reason: large }), null)).rejects.toMatchObject({
    code: 'store-unavailable',
  });
  await freeDisk();
  expect(await store.deliveries.accept(delivery('d1', { reason: large }), null)).toBe('accepted');
});

test('a statement on a full disk keeps the cause', async () => {
  const attempt = await begin(store);
  await fillDisk();
  await expect(store.logs.append(attempt, large)).rejects.toMatchObject({
    code: 'store-unavailable',
    cause: { code: 'SQLITE_FULL' },
  });
});

test('a database that another program holds locked is unavailable, and works again afterwards', async () => {
  await sql`pragma busy_timeout = 1`.execute(opened.db);
  const other = new Libsql(join(dataDir, 'slipway.db'));
  other.exec('begin immediate');
  const locked = { code: 'store-unavailable', message: expect.stringContaining('another program holds it locked') };
  await expect(store.deliveries.accept(delivery('d1'), null)).rejects.toMatchObject(locked);
  await expect(store.looks.add(look())).rejects.toMatchObject(locked);
  expect(await store.deliveries.get('d1')).toBeNull();
  other.exec('rollback');
  other.close();
  expect(await store.deliveries.accept(delivery('d1'), null)).toBe('accepted');
  expect(await store.looks.add(look())).toMatchObject(look());
});

test('a group with a delivery that cannot be stored asks the senders to try again', async () => {
  const broken = { ...delivery('d1'), event: null as never };
  const answers = await Promise.allSettled([broken, delivery('d2')].map((each) => store.deliveries.accept(each, null)));
  expect(answers).toMatchObject([{ reason: { code: 'store-unavailable' } }, { reason: { code: 'store-unavailable' } }]);
});

test.each([
  ['a truth value', true],
  ['NaN', Number.NaN],
  ['a fraction', 0.5],
  ['an object', {}],
])('%s where a number belongs is a fault of ours, not the end of the process', async (_name, value) => {
  await expect(store.looks.postpone(1, value as never)).rejects.toMatchObject({ code: 'internal' });
  expect(await store.looks.nextDueAt([])).toBeNull();
});

test('a rule that the database keeps is an internal error when code breaks it', async () => {
  const build = newBuild({ forced: true });
  await queue(store, build);
  await expect(queue(store, build)).rejects.toMatchObject({
    code: 'internal',
    cause: { code: 'SQLITE_CONSTRAINT_UNIQUE' },
  });
});

test.each([
  ['running', `update builds set status = 'running'`],
  ['queued', `update builds set forced = 0, every_push = 0`],
])('the database itself refuses a second %s build', async (_name, statement) => {
  await queue(store, newBuild({ forced: true }));
  await queue(store, newBuild({ everyPush: true, commit: head('b') }));
  await expect(sql.raw(statement).execute(opened.db)).rejects.toMatchObject({ code: 'internal' });
});

test.each([
  ['journal_mode', 'wal'],
  ['synchronous', 2],
  ['foreign_keys', 1],
  ['busy_timeout', 2000],
])('the pragma %s is %s', async (name, value) => {
  const { rows } = await sql.raw<Record<string, unknown>>(`pragma ${name}`).execute(opened.db);
  expect(Object.values(rows[0] ?? {})).toEqual([value]);
});
