import type { Clock } from '../clock.js';
import type { Store } from './contract.js';
import { requireApplied } from './migrate.js';
import { migrations } from './migrations/index.js';
import { createStore } from './open-store.js';
import { openSqliteToRead } from './sqlite.js';

/**
 * The store of a data directory that a server may be using, for one who only reads: nothing is locked, made or changed, and every write
 * fails with `store-unavailable`. `database-too-new`; `store-unavailable` where there is no database, or one of an older Slipway.
 */
export function openReader(dataDir: string, clock: Pick<Clock, 'now'>): Store {
  const opened = openSqliteToRead(dataDir, (applied) => requireApplied(applied, migrations));
  return createStore(opened, 0, clock);
}
