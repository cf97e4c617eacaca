import type { Clock } from '../../clock.js';

/** Longest wait of those who give way, in milliseconds: however many webhooks come, planning goes on. */
const PATIENCE_MS = 250;
/** So many requests within so many milliseconds are a burst: the next is on its way already. */
const BURST = { requests: 10, ms: 50 } as const;

/**
 * Answering goes before planning: whoever sends a webhook waits for its answer (GitHub for ten seconds, and does not try again), while a
 * look can wait, and those that have gathered meanwhile are worked off together.
 */
export interface Intake {
  /** A request is being answered, until the function that this gives is called. */
  enter(): () => void;
  /** Resolves when no request is being answered and no burst of them is under way, or after a moment. */
  calm(): Promise<void>;
}

export function createIntake(clock: Clock): Intake {
  let inHand = 0;
  /** When the latest requests came, as many as make a burst. */
  const latest: number[] = [];
  const waiting = new Set<AbortController>();

  const burstEnds = (): number => {
    const [first = 0] = latest;
    // What lies ahead came before the clock was set back.
    return latest.length < BURST.requests || first > clock.now() ? 0 : first + BURST.ms;
  };

  async function pause(ms: number): Promise<void> {
    const lastAnswered = new AbortController();
    waiting.add(lastAnswered);
    await clock.sleep(ms, lastAnswered.signal);
    waiting.delete(lastAnswered);
  }

  return {
    enter() {
      inHand += 1;
      latest.push(clock.now());
      if (latest.length > BURST.requests) latest.shift();
      return () => {
        inHand -= 1;
        if (inHand === 0) for (const one of waiting) one.abort();
      };
    },
    async calm() {
      const end = clock.now() + PATIENCE_MS;
      for (let now = clock.now(); now < end; now = clock.now()) {
        const quietAt = inHand > 0 ? end : burstEnds();
        if (quietAt <= now) return;
        await pause(Math.min(quietAt, end) - now);
      }
    },
  };
}
