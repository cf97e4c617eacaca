import type { Events, SlipwayEvent } from '../events.js';

/** Notices about one thing, such that none is lost between two looks at it. */
export interface Watch {
  /** Resolves once something has happened since the call before, a signal has aborted, or `atMost` milliseconds have passed. */
  next(atMost: number): Promise<void>;
  /** Whether one of the signals has aborted. */
  over(): boolean;
  /** Must be called in the end. */
  stop(): void;
}

/** Begin to watch before looking at the state: what happens in between is then noticed. */
export function watch(
  events: Events,
  concerns: (event: SlipwayEvent) => boolean,
  signals: readonly AbortSignal[],
): Watch {
  let happened = false;
  let wake: (() => void) | null = null;
  const notice = () => {
    happened = true;
    wake?.();
  };
  const unsubscribe = events.subscribe((event) => {
    if (concerns(event)) notice();
  });
  for (const signal of signals) signal.addEventListener('abort', notice);
  const over = () => signals.some((signal) => signal.aborted);

  return {
    over,
    async next(atMost) {
      if (!happened && !over()) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, atMost);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      wake = null;
      happened = false;
    },
    stop() {
      unsubscribe();
      for (const signal of signals) signal.removeEventListener('abort', notice);
    },
  };
}
