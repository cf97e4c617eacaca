import { chmod, lstat, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../log.js';

const OTHERS_MODE = 0o077;
/** Everybody may have files in such a folder (for example /tmp), so it is not restricted. */
const STICKY_MODE = 0o1000;

/** What is directly in the data directory. Restricted folders hide everything below them. */
const ownNames = [
  'slipway.db',
  'slipway.db-wal',
  'slipway.db-shm',
  'slipway.lock',
  'instance.key',
  'session.key',
  'mirrors',
  'artifacts',
  'tunnels',
];

/**
 * Removes all access of group and others to the data directory and Slipway's files in it. Links are not followed. A failure is only a
 * warning: the server works all the same.
 */
export async function tightenData(dataDir: string, log: Log): Promise<void> {
  for (const path of [dataDir, ...ownNames.map((name) => join(dataDir, name))]) {
    const obstacle = await tighten(path);
    if (obstacle !== null) {
      log.warn(
        { path, ...obstacle },
        'other users of this machine can read the data: the modes should be 0700 and 0600',
      );
    }
  }
}

/** Why the path is still open, or null. */
async function tighten(path: string): Promise<object | null> {
  try {
    const isLink = (await lstat(path)).isSymbolicLink();
    const found = await stat(path);
    if ((found.mode & OTHERS_MODE) === 0) return null;
    if (isLink) return { obstacle: 'it is a symbolic link, which is not followed' };
    if ((found.mode & STICKY_MODE) !== 0) return { obstacle: 'it is a shared folder (sticky bit)' };
    await chmod(path, found.mode & 0o7777 & ~OTHERS_MODE);
    return null;
  } catch (err) {
    return isMissing(err) ? null : { err };
  }
}

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
