import { existsSync } from 'node:fs';
import type { Clock } from '../clock.js';
import type { Store } from './contract.js';
import { requireApplied } from './migrate.js';
import { migrations } from './migrations/index.js';
import { createStore } from './open-store.js';
import { databaseFile, openSqliteToRead } from './sqlite.js';

/** True if a server has left a database in the data directory. Opens and creates nothing. */
export const hasDatabase = (dataDir: string): boolean => existsSync(databaseFile(dataDir));

/**
 * Opens the store of a data directory for reading, even beside a running server. Locks, creates and changes nothing; every write fails with
 * `store-unavailable`. Fails with `database-too-new`, or `store-unavailable` if there is no database or an older Slipway's.
 */
export function openReader(dataDir: string, clock: Pick<Clock, 'now'>): Store {
  const opened = openSqliteToRead(dataDir, (applied) => requireApplied(applied, migrations));
  return createStore(opened, 0, clock);
}
