import type { Clock } from '../clock.js';

/** How a server comes to its end. */
export interface Stopping {
  /** Nothing new begins. */
  readonly stopping: AbortSignal;
  /** What goes on is waited for no longer. */
  readonly ending: AbortSignal;
}

/** What was broken off has so many milliseconds to put away what it was doing. */
const PATIENCE_MS = 1_500;

/**
 * Resolves when all work has ended. What is left after `patience` milliseconds is broken off by `ending`, and not waited for if even that
 * does not end it: a host that hangs keeps no server alive.
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
