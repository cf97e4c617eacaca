import { unwatchFile, watchFile } from 'node:fs';
import type { WatchFile } from './watch-config.js';

const INTERVAL_MS = 1_000;

/**
 * Looks at the file's time and size every second, by name: that sees editors that put another file in its place and volumes that swap a
 * link, where notices of the operating system end with the old file. Keeps no process alive.
 */
export const pollFile: WatchFile = (file, changed, signal) => {
  const listener = (): void => changed();
  watchFile(file, { interval: INTERVAL_MS, persistent: false }, listener);
  signal.addEventListener('abort', () => unwatchFile(file, listener));
};
