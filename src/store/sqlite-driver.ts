import type { SqliteDatabase, SqliteStatement } from 'kysely';
import type Libsql from 'libsql';
import { SlipwayError } from '../errors.js';

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

/** The part of the driver that Kysely uses (the better-sqlite3 one, which libsql has too), with safe values in and our errors out. */
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

/** Statements that are kept prepared: all of ours, but for the sizes that those of many rows may have. */
const KEPT_STATEMENTS = 300;

/** Preparing takes longer than running. The statement that was used longest ago makes room. */
function createStatements(raw: Libsql.Database) {
  const prepared = new Map<string, Libsql.Statement>();
  return {
    get(sql: string): Libsql.Statement {
      const statement = prepared.get(sql) ?? raw.prepare(sql);
      prepared.delete(sql);
      prepared.set(sql, statement);
      const [oldest] = prepared.keys();
      if (prepared.size > KEPT_STATEMENTS && oldest !== undefined) prepared.delete(oldest);
      return statement;
    },
    /** A statement that failed may be half executed: it is not used again. */
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

/** Whether a commit waits until it is on the disk (https://www.sqlite.org/pragma.html#pragma_synchronous). Not within a transaction. */
export const WAITING = 'pragma synchronous = full';
export const WITHOUT_WAITING = 'pragma synchronous = normal';

/**
 * How transactions begin and end. By `exec`, which always finalises its statement: a prepared one that met a lock stays half executed
 * until it is garbage collected, and no commit succeeds until then.
 */
function createBoundaries(): Readonly<Record<string, (raw: Libsql.Database) => void>> {
  let waits: boolean | null = null;
  return {
    // IMMEDIATE: a transaction that reads first and writes later would otherwise fail if another program wrote in between.
    begin: (raw) => raw.exec('begin immediate'),
    commit: (raw) => raw.exec('commit'),
    // After some errors (full disk) SQLite has rolled back on its own; asking again would hide that error behind another.
    rollback: (raw) => raw.inTransaction && raw.exec('rollback'),
    // Not prepared statements either: these set it when they are prepared, and one that is kept sets nothing.
    [WITHOUT_WAITING]: (raw) => {
      // One that was never to wait for the disk still does not.
      waits ??= isWaiting(raw);
      if (waits) raw.exec(WITHOUT_WAITING);
    },
    [WAITING]: (raw) => {
      if (waits === true) raw.exec(WAITING);
    },
  };
}

function isWaiting(raw: Libsql.Database): boolean {
  const [row] = raw.prepare('pragma synchronous').all([]) as { readonly synchronous: number }[];
  return row?.synchronous === 2;
}

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

/** An error of the driver as ours: by its result code, never by its text. */
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

/** Whether another connection holds the lock that was asked for. */
export function isBusy(thrown: unknown): boolean {
  return primaryCode(thrown) === 'SQLITE_BUSY';
}

/** `SQLITE_IOERR_WRITE` → `SQLITE_IOERR`; empty where the error is not the driver's. */
function primaryCode(thrown: unknown): string {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';
  return code.split('_', 2).join('_');
}

export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
