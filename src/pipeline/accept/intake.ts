import type { Clock } from '../../clock.js';

/** Planning never waits longer than this for webhooks, in milliseconds. */
const PATIENCE_MS = 250;
/** This many requests within so short a time are a burst: the next one is already on its way. */
const burst = { requests: 10, ms: 50 } as const;

/**
 * Answers go before planning. A webhook's sender waits for its answer (GitHub for ten seconds, without retrying). Looks can wait, and those
 * that gather are processed together.
 */
export interface Intake {
  /** Marks a request in progress. Returns the function that ends it. */
  enter(): () => void;
  /** Resolves when no request and no burst is in progress, or after a short time. */
  whenIdle(): Promise<void>;
}

export function createIntake(clock: Clock): Intake {
  let inHand = 0;
  /** Times of the latest requests, as many as make a burst. */
  const latest: number[] = [];
  const waiting = new Set<AbortController>();

  const burstEnds = (): number => {
    const [first = 0] = latest;
    // A timestamp in the future means the clock was set back.
    return latest.length < burst.requests || first > clock.now() ? 0 : first + burst.ms;
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
      if (latest.length > burst.requests) latest.shift();
      return () => {
        inHand -= 1;
        if (inHand === 0) for (const one of waiting) one.abort();
      };
    },
    async whenIdle() {
      const end = clock.now() + PATIENCE_MS;
      for (let now = clock.now(); now < end; now = clock.now()) {
        const quietAt = inHand > 0 ? end : burstEnds();
        if (quietAt <= now) return;
        await pause(Math.min(quietAt, end) - now);
      }
    },
  };
}
