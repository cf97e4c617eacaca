import type { Clock } from '../clock.js';

/** Something that is over at a time. */
export interface Expiring {
  /** Called once when the time is over. The deadline is removed first. */
  expire(): void;
}

/** Deadlines that are all equally far away when set. One timer serves them all. */
export interface Deadlines {
  /** Starts the time of this one, or restarts it. */
  set(one: Expiring): void;
  clear(one: Expiring): void;
  /** Removes all deadlines. */
  stop(): void;
}

/** `ms`: how far away each deadline is, in milliseconds. */
export function createDeadlines(clock: Clock, ms: number): Deadlines {
  // A map keeps insertion order, so the first one is due first.
  const due = new Map<Expiring, number>();
  const stopped = new AbortController();
  let watching = false;

  function expireDue(): void {
    const now = clock.now();
    for (const [one, at] of due) {
      // Further away than when it was set: the clock was set back.
      if (at - now > ms) due.set(one, now + ms);
      else if (at > now) return;
      else {
        due.delete(one);
        one.expire();
      }
    }
  }

  async function watch(): Promise<void> {
    watching = true;
    for (;;) {
      expireDue();
      const [next] = due.values();
      if (next === undefined) break;
      await clock.sleep(next - clock.now(), stopped.signal);
    }
    watching = false;
  }

  return {
    set(one) {
      if (stopped.signal.aborted) return;
      due.delete(one);
      due.set(one, clock.now() + ms);
      if (!watching) void watch();
    },
    clear: (one) => void due.delete(one),
    stop() {
      stopped.abort();
      due.clear();
    },
  };
}
