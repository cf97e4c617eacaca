import type { Clock } from '../clock.js';
import type { Store } from './contract.js';
import { createStore } from './open-store.js';
import { openSqliteToRead } from './sqlite.js';

/** The store of a data directory that a server may be using, for one who only reads. `store-unavailable`. */
export function openReader(dataDir: string, clock: Pick<Clock, 'now'>): Store {
  return createStore(openSqliteToRead(dataDir), 0, clock);
}
