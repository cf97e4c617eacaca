import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, sql, SqliteDialect } from 'kysely';
import type { LogConfig } from 'kysely';
import Libsql from 'libsql';
import { SlipwayError } from '../errors.js';
import { memo } from '../memo.js';
import type { ColumnTypes } from './migrations/migration.js';
import type { Database, InTransaction } from './schema.js';
import { guarded, isBusy, reasonOf, translated, WAITING, WITHOUT_WAITING } from './sqlite-driver.js';

/*
 * All that is particular to SQLite is here and in sqlite-driver.ts: opening, pragmas, the lock on the directory, the type of a sequence.
 * Queries elsewhere are the same in every dialect: a claim is one UPDATE that the unique indexes guard, and who waits for work is woken
 * by `Events`, not by the database.
 */

/** How long another program (a backup, a shell) may hold the database before a write fails; the whole process waits meanwhile. */
const BUSY_TIMEOUT_MS = 2000;

/**
 * So many pages of 4 KiB are in the log before they are brought into the database file. Four times SQLite's own number: in a burst of
 * deliveries most pages are written again and again, and while they are brought over every sender waits.
 */
const CHECKPOINT_PAGES = 4000;

const WRITING = [
  `busy_timeout = ${BUSY_TIMEOUT_MS}`,
  'journal_mode = wal',
  // A commit is on the disk before it is answered, so that a power cut loses nothing that was acknowledged.
  'synchronous = full',
  `wal_autocheckpoint = ${CHECKPOINT_PAGES}`,
  'foreign_keys = on',
];
const READING = [`busy_timeout = ${BUSY_TIMEOUT_MS}`, 'query_only = on'];

export const sqliteColumns: ColumnTypes = {
  // AUTOINCREMENT: without it the number of a deleted last row is given out again.
  sequence: { type: 'integer', build: (column) => column.primaryKey().autoIncrement() },
};

export interface OpenedDatabase {
  readonly db: Database;
  /** Lets running transactions end, closes the file and gives the directory free. May be called again. */
  close(): Promise<void>;
}

/**
 * Opens `slipway.db` in the folder, which is made where it is missing, for this process alone. `data-dir-locked` where another process
 * has it; `store-unavailable` where it cannot be made, opened or read. `log` hears of every statement.
 */
export function openSqlite(dataDir: string, log?: LogConfig): OpenedDatabase {
  makeFolder(dataDir);
  const lock = lockFolder(dataDir);
  const file = join(dataDir, 'slipway.db');
  try {
    makePrivate(file);
    return opened(
      file,
      (raw) => setUp(raw, WRITING),
      log,
      () => lock.close(),
    );
  } catch (thrown) {
    lock.close();
    throw thrown;
  }
}

/**
 * Opens an existing `slipway.db` to read, beside the server that may be using it; writes fail with `store-unavailable`, and so does
 * opening where there is none. `check` is given the names of the migrations that it has, and may throw.
 */
export function openSqliteToRead(dataDir: string, check: (applied: readonly string[]) => void): OpenedDatabase {
  const file = join(dataDir, 'slipway.db');
  // Opening would make it.
  if (!existsSync(file)) throw new SlipwayError('store-unavailable', `There is no database ${file}.`);
  const prepare = (raw: Libsql.Database): void => {
    setUp(raw, READING);
    check(appliedMigrations(raw));
  };
  return opened(file, prepare, undefined, () => undefined);
}

/**
 * A transaction that nobody was promised anything of: whole or not at all like any other, there after `kill -9`, but its commit does not
 * wait for the disk. A power cut may take it away, with all that came after it; the next one that waits takes it to the disk too.
 */
export function withoutWaiting<T>(db: Database, work: (trx: InTransaction) => Promise<T>): Promise<T> {
  return db.connection().execute(async (own) => {
    await sql.raw(WITHOUT_WAITING).execute(own);
    try {
      return await own.transaction().execute(work);
    } finally {
      await sql.raw(WAITING).execute(own);
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
    // Kysely has one connection: having it means that no transaction is under way. Later calls meet a closed database.
    await db.connection().execute(() => Promise.resolve(raw.close()));
    release();
  };
  return { db, close: memo(close) };
}

function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new SlipwayError('store-unavailable', `The data directory ${dataDir} cannot be made: ${reasonOf(cause)}.`, {
      cause,
    });
  }
}

/**
 * Makes the file with the mode that SQLite would not give it, whatever the umask; what SQLite lays beside it gets the same one. A file that
 * exists is never opened here: closing it would give up its locks (fcntl(2)).
 */
function makePrivate(file: string): void {
  if (existsSync(file)) return;
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch {
    // Opening the database says what is wrong.
  }
}

/**
 * Holds a write transaction open on a second database file. It rests on an advisory lock of the operating system, so it ends with the
 * process, however that dies, and leaves nothing to clean up.
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
        'Two servers would build the same things twice: stop the other one, or give this one another server.dataDir.',
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
 * The driver does not say why it cannot open a file; opening it ourselves does. Never while the file is in use: closing any descriptor of
 * a file gives up all locks that the process has on it (fcntl(2)).
 */
function faultOf(file: string, thrown: unknown): string {
  try {
    closeSync(openSync(file, 'a'));
    return reasonOf(thrown);
  } catch (fault) {
    return reasonOf(fault);
  }
}
