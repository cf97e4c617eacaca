import { open, rename, rm } from 'node:fs/promises';

/**
 * Writes a whole file or nothing: a reader finds the old text or the new one. Calls for one file must not run side by side. HAProxy reads it
 * as root before it changes its user.
 */
export async function writeStateFile(path: string, text: string): Promise<void> {
  const unfinished = `${path}.slipway-${process.pid}`;
  try {
    const file = await open(unfinished, 'w', 0o644);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw error;
  }
}
