import type { SqliteDatabase, SqliteStatement } from 'kysely';
import type Libsql from 'libsql';
import { SlipwayError } from '../errors.js';

/** SQLite's result codes (https://www.sqlite.org/rescode.html) for an unusable database, explained for the operator. */
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

/** The part of the driver that Kysely uses (better-sqlite3's, which libsql has too), with checked values and our errors. */
export function guarded(raw: Libsql.Database, file: string): SqliteDatabase {
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (thrown) {
      throw raw.open ? translated(thrown, file) : closedError(thrown);
    }
  };
  const known = createStatements(raw);
  const boundaries = createBoundaries();
  return {
    close: () => raw.close(),
    prepare(sql) {
      const boundary = boundaries[sql];
      if (boundary !== undefined) return command(() => attempt(() => boundary(raw)));
      const statement = attempt(() => known.get(sql));
      const isRead = /^(select|with|pragma|explain)\b/i.test(sql);
      const run = <T>(work: () => T): T => (isRead || raw.inTransaction ? work() : alone(raw, work));
      const execute = <T>(work: () => T) => attempt(() => known.unlessItFails(sql, () => run(work)));
      return {
        reader: statement.reader,
        all: (values) => execute(() => statement.all(values.map(bindable))),
        run: (values) => execute(() => statement.run(values.map(bindable))),
        iterate: (values) => attempt(() => statement.iterate(values.map(bindable))),
      };
    },
  };
}

/** Prepared statements to keep: all of ours, except for some sizes of those with many rows. */
const MAX_STATEMENTS = 300;

/** Preparing takes longer than running. The least recently used statement is dropped. */
function createStatements(raw: Libsql.Database) {
  const prepared = new Map<string, Libsql.Statement>();
  return {
    get(sql: string): Libsql.Statement {
      const statement = prepared.get(sql) ?? raw.prepare(sql);
      prepared.delete(sql);
      prepared.set(sql, statement);
      const [oldest] = prepared.keys();
      if (prepared.size > MAX_STATEMENTS && oldest !== undefined) prepared.delete(oldest);
      return statement;
    },
    /** A failed statement may be half executed and is not reused. */
    unlessItFails<T>(sql: string, work: () => T): T {
      try {
        return work();
      } catch (thrown) {
        prepared.delete(sql);
        throw thrown;
      }
    },
  };
}

/** Whether a commit waits for the disk (https://www.sqlite.org/pragma.html#pragma_synchronous). Not within a transaction. */
export const waitForDisk = 'pragma synchronous = full';
export const doNotWaitForDisk = 'pragma synchronous = normal';

/**
 * Begins and ends transactions with `exec`, which always finalises its statement. A prepared statement that met a lock stays half executed
 * until garbage collection, and blocks every commit.
 */
function createBoundaries(): Readonly<Record<string, (raw: Libsql.Database) => void>> {
  let waits: boolean | null = null;
  return {
    // IMMEDIATE: a transaction that reads first and writes later would fail if another program wrote in between.
    begin: (raw) => raw.exec('begin immediate'),
    commit: (raw) => raw.exec('commit'),
    // After some errors (full disk) SQLite has already rolled back. A second rollback would hide that error.
    rollback: (raw) => raw.inTransaction && raw.exec('rollback'),
    // Not prepared: the pragma takes effect when it is prepared, so a cached statement would do nothing.
    [doNotWaitForDisk]: (raw) => {
      // A database that never waits for the disk still does not.
      waits ??= isWaiting(raw);
      if (waits) raw.exec(doNotWaitForDisk);
    },
    [waitForDisk]: (raw) => {
      if (waits === true) raw.exec(waitForDisk);
    },
  };
}

function isWaiting(raw: Libsql.Database): boolean {
  const [row] = raw.prepare('pragma synchronous').all([]) as { readonly synchronous: number }[];
  return row?.synchronous === 2;
}

/** Runs a single write as a transaction, so that it handles locks too; see `boundaries`. */
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
 * libsql 0.5 ends the process on a boolean, turns NaN into null and cuts a text at its first NUL. A NUL becomes U+FFFD (no dialect's text
 * can hold it). Other types than text, whole numbers and null are an internal error.
 */
function bindable(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
  if (value === null || value === undefined || typeof value === 'bigint' || Number.isSafeInteger(value)) return value;
  throw new SlipwayError('internal', `The database cannot store a value of type ${typeof value}.`);
}

/** Translates an error of the driver by its result code, never by its text. */
export function translated(thrown: unknown, file: string): SlipwayError {
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

/** True if another connection holds the lock. */
export function isBusy(thrown: unknown): boolean {
  return primaryCode(thrown) === 'SQLITE_BUSY';
}

/** `SQLITE_IOERR_WRITE` → `SQLITE_IOERR`. Empty for other errors. */
function primaryCode(thrown: unknown): string {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';
  return code.split('_', 2).join('_');
}

export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
