import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, SqliteDialect } from 'kysely';
import type { LogConfig, SqliteDatabase, SqliteStatement } from 'kysely';
import Libsql from 'libsql';
import { SlipwayError } from '../errors.js';
import type { ColumnTypes } from './migrations/migration.js';
import type { Database } from './schema.js';

/*
 * All that is particular to SQLite: opening, pragmas, the lock on the directory, how transactions begin and end, values and errors of
 * the driver, the type of a sequence. Queries elsewhere are the same in every dialect: a claim is one UPDATE that the unique indexes
 * guard, and who waits for work is woken by `Events`, not by the database.
 */

/** How long another program (a backup, a shell) may hold the database before a write fails; the whole process waits meanwhile. */
const BUSY_TIMEOUT_MS = 2000;

/** Result codes (https://www.sqlite.org/rescode.html) that say that the database cannot be used, in words for the operator. */
const unavailable: Readonly<Record<string, string>> = {
  SQLITE_FULL: 'the disk is full',
  SQLITE_IOERR: 'reading or writing the disk failed',
  SQLITE_BUSY: 'another program holds it locked',
  SQLITE_LOCKED: 'another program holds it locked',
  SQLITE_READONLY: 'it is read-only',
  SQLITE_PERM: 'its file may not be accessed',
  SQLITE_CANTOPEN: 'its file cannot be opened',
  SQLITE_CORRUPT: 'its file is damaged',
  SQLITE_NOTADB: 'its file is not a SQLite database, or is damaged',
  SQLITE_NOMEM: 'memory ran out',
};

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
 * has it; `store-unavailable` where it cannot be made, opened or read.
 */
export function openSqlite(dataDir: string, log?: LogConfig): OpenedDatabase {
  makeFolder(dataDir);
  const lock = lockFolder(dataDir);
  const file = join(dataDir, 'slipway.db');
  try {
    const raw = openFile(file);
    const db: Database = new Kysely({ dialect: new SqliteDialect({ database: guarded(raw, file) }), log });
    return { db, close: once(() => closeAll(db, raw, lock)) };
  } catch (thrown) {
    lock.close();
    throw thrown;
  }
}

function makeFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
  } catch (cause) {
    throw new SlipwayError('store-unavailable', `The data directory ${dataDir} cannot be made: ${reasonOf(cause)}.`, {
      cause,
    });
  }
}

/**
 * Holds a write transaction open on a second database file. It rests on an advisory lock of the operating system, so it ends with the
 * process, however that dies, and leaves nothing to clean up.
 */
function lockFolder(dataDir: string): Libsql.Database {
  const file = join(dataDir, 'slipway.lock');
  const lock = connect(file);
  try {
    lock.exec('begin exclusive');
    return lock;
  } catch (thrown) {
    lock.close();
    if (primaryCode(thrown) !== 'SQLITE_BUSY') throw translated(thrown, file);
    throw new SlipwayError(
      'data-dir-locked',
      `Another Slipway server is using the data directory ${dataDir} (it holds ${file} locked). ` +
        'Two servers would build the same things twice: stop the other one, or give this one another server.dataDir.',
      { cause: thrown },
    );
  }
}

function openFile(file: string): Libsql.Database {
  const raw = connect(file);
  try {
    raw.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`);
    raw.exec('pragma journal_mode = wal');
    // FULL: a commit is on the disk before it is answered, so that a power cut loses nothing that was acknowledged.
    raw.exec('pragma synchronous = full');
    raw.exec('pragma foreign_keys = on');
    return raw;
  } catch (thrown) {
    raw.close();
    throw translated(thrown, file);
  }
}

/** The driver reports a file that it cannot open without a code; opening it ourselves first tells the reason. */
function connect(file: string): Libsql.Database {
  try {
    closeSync(openSync(file, 'a'));
    return new Libsql(file);
  } catch (cause) {
    throw new SlipwayError('store-unavailable', `${file} cannot be opened: ${reasonOf(cause)}.`, { cause });
  }
}

async function closeAll(db: Database, raw: Libsql.Database, lock: Libsql.Database): Promise<void> {
  // Kysely has one connection: having it means that no transaction is under way. Later calls meet a closed database.
  await db.connection().execute(() => Promise.resolve(raw.close()));
  lock.close();
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closed: Promise<void> | null = null;
  return () => (closed ??= close());
}

/** The part of the driver that Kysely uses, with safe values in and our errors out. */
function guarded(raw: Libsql.Database, file: string): SqliteDatabase {
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (thrown) {
      throw raw.open ? translated(thrown, file) : closedError(thrown);
    }
  };
  return {
    close: () => raw.close(),
    prepare(sql) {
      const boundary = boundaries[sql];
      if (boundary !== undefined) return command(() => attempt(() => boundary(raw)));
      const statement = attempt(() => raw.prepare(sql));
      const isRead = /^(select|with|pragma|explain)\b/i.test(sql);
      const execute = <T>(work: () => T) => attempt(() => (isRead || raw.inTransaction ? work() : alone(raw, work)));
      return {
        reader: statement.reader,
        all: (values) => execute(() => statement.all(values.map(bindable))),
        run: (values) => execute(() => statement.run(values.map(bindable))),
        iterate: (values) => attempt(() => statement.iterate(values.map(bindable))),
      };
    },
  };
}

/**
 * How transactions begin and end. By `exec`, which always finalises its statement: a prepared one that met a lock stays half executed
 * until it is garbage collected, and no commit succeeds until then.
 */
const boundaries: Readonly<Record<string, (raw: Libsql.Database) => void>> = {
  // IMMEDIATE: a transaction that reads first and writes later would otherwise fail if another program wrote in between.
  begin: (raw) => raw.exec('begin immediate'),
  commit: (raw) => raw.exec('commit'),
  // After some errors (full disk) SQLite has rolled back on its own; asking again would hide that error behind another.
  rollback: (raw) => raw.inTransaction && raw.exec('rollback'),
};

/** A single write as a transaction of its own, so that it too meets locks where it may; see `boundaries`. */
function alone<T>(raw: Libsql.Database, work: () => T): T {
  raw.exec('begin immediate');
  try {
    const result = work();
    raw.exec('commit');
    return result;
  } catch (thrown) {
    if (raw.inTransaction) raw.exec('rollback');
    throw thrown;
  }
}

function command(run: () => void): SqliteStatement {
  return {
    reader: false,
    all: () => [],
    run() {
      run();
      return { changes: 0, lastInsertRowid: 0 };
    },
    iterate: () => [].values(),
  };
}
/**
 * libsql 0.5 ends the whole process on a boolean, turns NaN into null and cuts a text at its first NUL. A NUL becomes U+FFFD (no
 * dialect's text can hold it); anything but text, whole numbers and null is a fault of ours.
 */
function bindable(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
  if (value === null || value === undefined || typeof value === 'bigint' || Number.isSafeInteger(value)) return value;
  throw new SlipwayError('internal', `A value of type ${typeof value} was given to the database.`);
}

function translated(thrown: unknown, file: string): SlipwayError {
  if (thrown instanceof SlipwayError) return thrown;
  const why = unavailable[primaryCode(thrown)];
  if (why !== undefined) {
    return new SlipwayError('store-unavailable', `The database ${file} cannot be used: ${why}.`, { cause: thrown });
  }
  return new SlipwayError('internal', `The database refused a statement: ${reasonOf(thrown)}`, { cause: thrown });
}

function closedError(cause: unknown): SlipwayError {
  return new SlipwayError('store-unavailable', 'The database has been closed.', { cause });
}

/** `SQLITE_IOERR_WRITE` → `SQLITE_IOERR`; empty where the error is not the driver's. */
function primaryCode(thrown: unknown): string {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';
  return code.split('_', 2).join('_');
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
