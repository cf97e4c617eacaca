import { createEventHistory, type EventHistory } from '../../src/api/event-history.js';
import type { EventFilter } from '../../src/api/event-filter.js';
import { createEvents, type Events } from '../../src/events.js';
import { manualClock, type ManualClock } from './manual-clock.js';

/** A history whose ids begin with `f00d`, and what it stands on. */
export interface TestHistory {
  readonly history: EventHistory;
  readonly events: Events;
  readonly clock: ManualClock;
  readonly stopping: AbortController;
}

export function testHistory(): TestHistory {
  const [events, clock, stopping] = [createEvents(), manualClock(), new AbortController()];
  const history = createEventHistory({ events, clock, stopping: stopping.signal, run: 'f00d' });
  return { history, events, clock, stopping };
}

/** Every event of every type that needs no watched build or deployment. */
export const everything: EventFilter = { types: null };

/** What a client with the filter was sent so far, one text for each time. */
export function followed(history: EventHistory, filter: EventFilter = everything) {
  const sent: string[] = [];
  return { sent, ...history.follow(filter, (bytes) => sent.push(bytes.toString())) };
}

/** The `id` or `status` of each event in a text, in order. */
export const valuesIn = (text: string, name: string): readonly string[] =>
  [...text.matchAll(new RegExp(`"${name}":"?([^",}]*)`, 'g'))].map(([, value = '']) => value);
