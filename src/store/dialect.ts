import type { ColumnTypes } from './migrations/migration.js';
import type { Database, InTransaction } from './schema.js';

/** A database as its dialect opens it. All that differs between dialects is in here; every query is the same in each. */
export interface OpenedDatabase {
  readonly db: Database;
  readonly columns: ColumnTypes;
  /**
   * A transaction whose commit need not wait for the disk. It is atomic and survives `kill -9`. A power cut may lose it and everything after
   * it, until the next waiting commit. A dialect that cannot do this runs an ordinary transaction.
   */
  readonly withoutWaiting: <T>(work: (trx: InTransaction) => Promise<T>) => Promise<T>;
  /** Waits for running transactions, then closes the database and gives up what kept others out. May be called again. */
  readonly close: () => Promise<void>;
}
