import { stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { WatchFile } from './watch-config.js';

const INTERVAL_MS = 1_000;

/** How a file looked. Another text: it has changed, or another file has its name. */
export async function fileState(file: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs } = await stat(file, { bigint: true });
    return [dev, ino, size, mtimeNs].join(' ');
  } catch (thrown) {
    return String(thrown);
  }
}

/**
 * Checks the file's time and size every second, by name. That also notices a replaced file or a swapped link, which notices of the
 * operating system miss. `known` is how the file looked before it was read, so that no change after that is missed. Keeps no process alive.
 */
export const pollFile =
  (known: string): WatchFile =>
  (file, changed, signal) =>
    void look(file, known, changed, signal);

async function look(file: string, known: string, changed: () => void, signal: AbortSignal): Promise<void> {
  for (let last = known; !signal.aborted;) {
    const state = await fileState(file);
    if (state !== last && !signal.aborted) changed();
    last = state;
    await pause(INTERVAL_MS, undefined, { ref: false, signal }).catch(() => undefined);
  }
}
