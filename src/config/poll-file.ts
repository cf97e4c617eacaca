import { unwatchFile, watchFile } from 'node:fs';
import type { WatchFile } from './watch-config.js';

const INTERVAL_MS = 1_000;

/**
 * Checks the file's time and size every second, by name. That also notices a replaced file or a swapped link, which notices of the
 * operating system miss. Keeps no process alive.
 */
export const pollFile: WatchFile = (file, changed, signal) => {
  const listener = (): void => changed();
  watchFile(file, { interval: INTERVAL_MS, persistent: false }, listener);
  signal.addEventListener('abort', () => unwatchFile(file, listener));
};
