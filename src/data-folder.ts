import { readdir } from 'node:fs/promises';
import type { Config } from './config/config.js';
import { SlipwayError } from './errors.js';
import { readBackup, writeBackup } from './server/backup.js';
import { hasDatabase, openReader } from './store/open-reader.js';
import { copyDatabase, holdFolder } from './store/sqlite.js';
import { systemClock } from './system-clock.js';

/** Writes a backup; see `writeBackup`. */
export const backup = ({ server: { dataDir } }: Config, file: string): Promise<number> =>
  writeBackup(file, {
    dataDir,
    copyDatabase: (folder) => copyDatabase(dataDir, folder),
    async artifactsOf(folder) {
      const copied = openReader(folder, systemClock);
      return copied.artifacts.files().finally(() => copied.housekeeping.close());
    },
  });

/** Restores a backup; see `readBackup`. Fails with `data-dir-locked` while a server runs, `backup-refused` if anything is there. */
export async function restore({ server: { dataDir } }: Config, file: string): Promise<number> {
  const release = holdFolder(dataDir);
  try {
    const [there] = (await readdir(dataDir)).filter((name) => !name.startsWith('slipway.lock'));
    if (there !== undefined)
      throw new SlipwayError('backup-refused', `The data directory ${dataDir} is not empty: it holds ${there}.`);
    return await readBackup(file, dataDir);
  } finally {
    release();
  }
}

/** True if a server has left a record of what it did. */
export const hasRecord = ({ server }: Config): boolean => hasDatabase(server.dataDir);
