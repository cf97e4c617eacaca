import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import type { Store } from '../../src/store/contract.js';
import { openStore } from '../../src/store/open-store.js';

export interface TempStore {
  readonly store: Store;
  readonly dataDir: string;
  /** Every worker is known to be dead from now on, as after opening the folder again. */
  endLeases(): void;
  /** Closes the store and removes its folder. */
  close(): Promise<void>;
}

/** A store of its own in a temporary folder. */
export async function openTempStore({
  logLimit = 1 << 20,
  clock = { now: () => Date.now() },
} = {}): Promise<TempStore> {
  const dataDir = await mkdtemp(join(tmpdir(), 'slipway-store-'));
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
