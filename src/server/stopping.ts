import type { Clock } from '../clock.js';

/** The phases of a shutdown. */
export interface Stopping {
  /** No new work starts. */
  readonly stopping: AbortSignal;
  /** Running work is abandoned. */
  readonly ending: AbortSignal;
}

/** Milliseconds for abandoned work to clean up. */
const PATIENCE_MS = 1_500;

/**
 * Resolves when all work has ended. After `patience` milliseconds `ending` aborts the rest. Work that still does not end is left behind: a
 * hanging host keeps no server alive.
 */
export async function waitForEnd(
  running: Promise<unknown>,
  clock: Clock,
  patience: number,
  ending: AbortController,
): Promise<void> {
  const over = new AbortController();
  const enough = clock.sleep(patience, over.signal).then(() => {
    if (!over.signal.aborted) ending.abort();
    return clock.sleep(PATIENCE_MS, over.signal);
  });
  await Promise.race([running, enough]).finally(() => over.abort());
}
