import type { Clock } from './clock.js';

/** Longest wait of those who give way, in milliseconds: however many webhooks come, planning goes on. */
const PATIENCE_MS = 250;

/**
 * Answering goes before planning: whoever sends a webhook waits for its answer (GitHub for ten seconds, and does not try again), while a
 * look can wait, and those that have gathered meanwhile are worked off together.
 */
export interface Intake {
  /** A request is being answered, until the function that this gives is called. */
  enter(): () => void;
  /** Resolves when no request is being answered, or after a moment. */
  calm(): Promise<void>;
}

export function createIntake(clock: Pick<Clock, 'sleep'>): Intake {
  let inHand = 0;
  let calmed = new AbortController();
  return {
    enter() {
      inHand += 1;
      return () => {
        inHand -= 1;
        if (inHand > 0) return;
        calmed.abort();
        calmed = new AbortController();
      };
    },
    async calm() {
      if (inHand > 0) await clock.sleep(PATIENCE_MS, calmed.signal);
    },
  };
}
