import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, sql, SqliteDialect } from 'kysely';
import type { LogConfig } from 'kysely';
import Libsql from 'libsql';
import { SlipwayError } from '../errors.js';
import { memo } from '../memo.js';
import type { OpenedDatabase } from './dialect.js';
import type { ColumnTypes } from './migrations/migration.js';
import type { Database } from './schema.js';
import { guarded, isBusy, reasonOf, translated, waitForDisk, doNotWaitForDisk } from './sqlite-driver.js';

/*
 * Everything specific to SQLite is here and in sqlite-driver.ts: opening, pragmas, the lock on the directory, the type of a sequence. The
 * queries are the same in every dialect, and see only `OpenedDatabase`. A claim is one UPDATE guarded by unique indexes, and `Events`, not the database, wakes the
 * workers.
 */

/** How long another program (a backup, a shell) may hold the database before a write fails. It blocks the whole process. */
const BUSY_TIMEOUT_MS = 2000;

/**
 * Pages of 4 KiB in the log before a checkpoint: four times SQLite's default. A burst of deliveries rewrites the same pages, and every
 * sender waits for a checkpoint.
 */
const CHECKPOINT_PAGES = 4000;

const writerPragmas = [
  `busy_timeout = ${BUSY_TIMEOUT_MS}`,
  'journal_mode = wal',
  // A commit is on the disk before it is answered: a power cut loses nothing that was acknowledged.
  'synchronous = full',
  `wal_autocheckpoint = ${CHECKPOINT_PAGES}`,
  'foreign_keys = on',
];
const readerPragmas = [`busy_timeout = ${BUSY_TIMEOUT_MS}`, 'query_only = on'];

const columns: ColumnTypes = {
  // Without AUTOINCREMENT the number of a deleted last row is reused.
  sequence: { type: 'integer', build: (column) => column.primaryKey().autoIncrement() },
};

export const databaseFile = (dataDir: string): string => join(dataDir, 'slipway.db');

/**
 * Opens `slipway.db` for this process alone and creates the folder if needed. Fails with `data-dir-locked` if another process has it,
 * `store-unavailable` if it cannot be created, opened or read. `log` gets every statement.
 */
export function openSqlite(dataDir: string, log?: LogConfig): OpenedDatabase {
  makeFolder(dataDir);
  const lock = lockFolder(dataDir);
  const file = databaseFile(dataDir);
  try {
    makePrivate(file);
    return opened(
      file,
      (raw) => setUp(raw, writerPragmas),
      log,
      () => lock.close(),
    );
  } catch (thrown) {
    lock.close();
    throw thrown;
  }
}

/**
 * Opens an existing `slipway.db` for reading, even beside a running server. Writes, and opening without a database, fail with
 * `store-unavailable`. `check` gets the names of its migrations and may throw.
 */
export function openSqliteToRead(dataDir: string, check: (applied: readonly string[]) => void): OpenedDatabase {
  const file = databaseFile(dataDir);
  // Opening would create it.
  if (!existsSync(file)) throw new SlipwayError('store-unavailable', `There is no database ${file}.`);
  const prepare = (raw: Libsql.Database): void => {
    setUp(raw, readerPragmas);
    check(appliedMigrations(raw));
  };
  return opened(file, prepare, undefined, () => undefined);
}

/** Locks a data directory as a server does, and creates it if needed. Returns what unlocks it. Fails with `data-dir-locked`. */
export function holdFolder(dataDir: string): () => void {
  makeFolder(dataDir);
  const lock = lockFolder(dataDir);
  return () => void lock.close();
}

/**
 * Copies the database into a folder as `slipway.db`, as of one moment, even beside a running server. The copy needs no `-wal` file. Fails
 * with `store-unavailable`.
 */
export function copyDatabase(dataDir: string, folder: string): void {
  const [file, copy] = [databaseFile(dataDir), databaseFile(folder)];
  // Opening would create it.
  if (!existsSync(file)) throw new SlipwayError('store-unavailable', `There is no database ${file}.`);
  makePrivate(copy);
  const raw = connect(file);
  try {
    setUp(raw, [`busy_timeout = ${BUSY_TIMEOUT_MS}`]);
    // https://www.sqlite.org/lang_vacuum.html#vacuuminto
    raw.exec(`vacuum into '${copy.replaceAll("'", "''")}'`);
  } catch (thrown) {
    throw translated(thrown, file);
  } finally {
    raw.close();
  }
}

/** See `OpenedDatabase.withoutWaiting`: the next waiting commit writes what this one did not. */
function withoutWaiting(db: Database): OpenedDatabase['withoutWaiting'] {
  return (work) =>
    db.connection().execute(async (own) => {
      await sql.raw(doNotWaitForDisk).execute(own);
      try {
        return await own.transaction().execute(work);
      } finally {
        await sql.raw(waitForDisk).execute(own);
      }
    });
}

function setUp(raw: Libsql.Database, pragmas: readonly string[]): void {
  for (const pragma of pragmas) raw.exec(`pragma ${pragma}`);
}

function appliedMigrations(raw: Libsql.Database): readonly string[] {
  const names = (sql: string) => (raw.prepare(sql).all([]) as { readonly name: string }[]).map(({ name }) => name);
  const isEmpty = names(`select name from sqlite_master where name = 'schema_migrations'`).length === 0;
  return isEmpty ? [] : names('select name from schema_migrations order by name');
}

function opened(
  file: string,
  prepare: (raw: Libsql.Database) => void,
  log: LogConfig | undefined,
  release: () => void,
): OpenedDatabase {
  const raw = connect(file);
  try {
    prepare(raw);
  } catch (thrown) {
    raw.close();
    throw translated(thrown, file);
  }
  const db: Database = new Kysely({ dialect: new SqliteDialect({ database: guarded(raw, file) }), log });
  const close = async (): Promise<void> => {
    // Kysely has one connection: holding it means that no transaction is running. Later calls find a closed database.
    await db.connection().execute(() => Promise.resolve(raw.close()));
    release();
  };
  return { db, columns, withoutWaiting: withoutWaiting(db), close: memo(close) };
}

function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new SlipwayError(
      'store-unavailable',
      `The data directory ${dataDir} cannot be created: ${reasonOf(cause)}.`,
      {
        cause,
      },
    );
  }
}

/**
 * Creates the file with a private mode, whatever the umask. SQLite gives its side files the same mode. Never opens an existing file:
 * closing it would drop the process's locks (fcntl(2)).
 */
function makePrivate(file: string): void {
  if (existsSync(file)) return;
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch {
    // Opening the database reports the error.
  }
}

/**
 * Holds a write transaction on a second database file. It uses an advisory lock of the operating system, so it ends with the process and
 * leaves nothing to clean up.
 */
function lockFolder(dataDir: string): Libsql.Database {
  const file = join(dataDir, 'slipway.lock');
  makePrivate(file);
  const lock = connect(file);
  try {
    lock.exec('begin exclusive');
    return lock;
  } catch (thrown) {
    lock.close();
    if (!isBusy(thrown)) throw translated(thrown, file);
    throw new SlipwayError(
      'data-dir-locked',
      `Another Slipway server is using the data directory ${dataDir} (it holds ${file} locked). ` +
        'Two servers would build the same things twice. Stop the other one, or give this one another server.dataDir.',
      { cause: thrown },
    );
  }
}

function connect(file: string): Libsql.Database {
  try {
    return new Libsql(file);
  } catch (cause) {
    throw new SlipwayError('store-unavailable', `${file} cannot be opened: ${faultOf(file, cause)}.`, { cause });
  }
}

/**
 * Finds out why a file cannot be opened, which the driver does not say. Not for a file in use: closing a descriptor drops all of the
 * process's locks on it (fcntl(2)).
 */
function faultOf(file: string, thrown: unknown): string {
  try {
    closeSync(openSync(file, 'a'));
    return reasonOf(thrown);
  } catch (fault) {
    return reasonOf(fault);
  }
}
