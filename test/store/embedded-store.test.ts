import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../src/store/open-store.js';
import { storeContract } from '../contracts/store.js';

storeContract('the embedded store', async ({ logLimit, now }) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'slipway-store-'));
  const open = () => openStore({ dataDir, logLimit, clock: { now } });
  let store = await open();
  return {
    store,
    async reopen() {
      await store.housekeeping.close();
      store = await open();
      return store;
    },
    async close() {
      await store.housekeeping.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
});
