import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Libsql from 'libsql';
import { memo } from '../../src/memo.js';
import type { Store } from '../../src/store/contract.js';
import { openStore } from '../../src/store/open-store.js';
import { copyDatabase, databaseFile } from '../../src/store/sqlite.js';
import { fastFolder } from './fast-folder.js';

export interface TempStore {
  readonly store: Store;
  readonly dataDir: string;
  /** Every worker is known to be dead from now on, as after opening the folder again. */
  endLeases(): void;
  /** Closes the store and removes its folder. */
  close(): Promise<void>;
}

/**
 * A database that all migrations have been applied to: they take longer than most tests. It is copied by SQLite, since closing a database
 * leaves a part in its `-wal` file as long as a statement was not collected.
 */
export const migratedDatabase = memo(async (): Promise<Buffer> => {
  const dataDir = await mkdtemp(join(fastFolder, 'slipway-store-'));
  const copy = join(dataDir, 'copy');
  await mkdir(copy);
  const store = await openStore({ dataDir, logLimit: 1, clock: { now: () => 0 } });
  copyDatabase(dataDir, copy);
  await store.housekeeping.close();
  const content = await readFile(databaseFile(copy));
  await rm(dataDir, { recursive: true });
  return content;
});

/** A store of its own in a temporary folder. */
export async function openTempStore({
  logLimit = 1 << 20,
  clock = { now: () => Date.now() },
} = {}): Promise<TempStore> {
  const dataDir = await mkdtemp(join(fastFolder, 'slipway-store-'));
  await writeFile(join(dataDir, 'slipway.db'), await migratedDatabase(), { mode: 0o600 });
  const store = await openStore({ dataDir, logLimit, clock });
  return {
    store,
    dataDir,
    endLeases() {
      const beside = new Libsql(join(dataDir, 'slipway.db'));
      beside.exec('update workers set lease_until = 0');
      beside.close();
    },
    async close() {
      await store.housekeeping.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
