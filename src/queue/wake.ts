import { abortWith, type Clock } from '../clock.js';
import type { Events, SlipwayEvent } from '../events.js';

/** A sleep that an event interrupts. An event that arrives while nobody sleeps interrupts the next one. */
export function createWake(events: Events, types: readonly SlipwayEvent['type'][]) {
  let pending = false;
  let current: AbortController | null = null;
  const now = () => {
    pending = true;
    current?.abort();
  };
  const close = events.subscribe((event) => {
    if (types.includes(event.type)) now();
  });
  return {
    now,
    close,
    async within(ms: number, clock: Clock, signal: AbortSignal): Promise<void> {
      if (!pending) {
        current = new AbortController();
        const leave = abortWith(current, signal);
        await clock.sleep(ms, current.signal);
        leave();
        current = null;
      }
      pending = false;
    },
  };
}
