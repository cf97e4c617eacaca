import type { Events, SlipwayEvent } from '../events.js';

/** Collects events, so that none is lost between two looks at the state. */
export interface Watch {
  /** Resolves after an event since the previous call, an abort, or `atMost` milliseconds. */
  next(atMost: number): Promise<void>;
  /** True if one of the signals has aborted. */
  over(): boolean;
  /** Must be called in the end. */
  stop(): void;
}

/** Start watching before reading the state, so that changes in between are noticed. */
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
