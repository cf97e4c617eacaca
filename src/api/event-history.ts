import { randomBytes } from 'node:crypto';
import type { Events, SlipwayEvent } from '../events.js';

/** What is kept for clients that come back. */
const MAX_EVENTS = 1_000;
const MAX_CHARACTERS = 512 * 1024;

/** One event as it is sent, with its number. */
interface Kept {
  readonly number: number;
  readonly text: string;
}

/**
 * Changes of builds, deliveries, deployments and hosts in the form of server-sent events, numbered (`id:`). The newest are kept in memory, so
 * that a client that lost its connection gets what it missed.
 */
export interface EventHistory {
  /** The `id:` of the newest event. */
  newest(): string;
  /** What a client is sent after the greeting, by the `Last-Event-ID` of its request. */
  since(lastId: string | undefined): string;
  /** Passes on what is sent from now on. Returns the function that unsubscribes. */
  subscribe(listener: (text: string) => void): () => void;
  /** Listens no more. */
  close(): void;
}

/** `run`: tells the events of this process from those of others. */
export function createEventHistory(events: Events, run = randomBytes(4).toString('hex')): EventHistory {
  const listeners = new Set<(text: string) => void>();
  let kept: Kept[] = [];
  let characters = 0;
  let newest = 0;
  const idOf = (number: number) => `${run}-${number}`;
  const keep = (one: Kept) => {
    kept.push(one);
    characters += one.text.length;
    if (kept.length <= MAX_EVENTS && characters <= MAX_CHARACTERS) return;
    // Half of them at once: removing the first of a long array each time costs more.
    kept = kept.slice(Math.ceil(kept.length / 2));
    characters = kept.reduce((sum, { text }) => sum + text.length, 0);
  };
  const close = events.subscribe((event) => {
    const said = rendered(event);
    if (said === null) return;
    newest += 1;
    const text = `id: ${idOf(newest)}\n${said}`;
    keep({ number: newest, text });
    for (const listener of listeners) listener(text);
  });
  return {
    newest: () => idOf(newest),
    since(lastId) {
      // An id without data: a browser keeps it, and tells nobody (https://html.spec.whatwg.org/multipage/server-sent-events.html).
      const here = `id: ${idOf(newest)}\n`;
      if (lastId === undefined || lastId === '') return `${here}\n`;
      const seen = numberOf(lastId, run);
      const first = kept[0]?.number ?? newest + 1;
      if (seen === null || seen > newest || seen + 1 < first)
        return `${here}event: reset\ndata: {"message":"Events were missed: read the lists again."}\n\n`;
      return kept
        .filter(({ number }) => number > seen)
        .map(({ text }) => text)
        .join('');
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close,
  };
}

/** The number in an id of this run, or null. */
function numberOf(id: string, run: string): number | null {
  const [, of, digits = ''] = /^([0-9a-f]+)-(\d{1,15})$/.exec(id) ?? [];
  return of === run ? Number(digits) : null;
}

/** The events that clients get. */
const forClients: readonly SlipwayEvent['type'][] = ['build', 'delivery', 'deployment', 'observation'];

function rendered(event: SlipwayEvent): string | null {
  if (!forClients.some((type) => type === event.type)) return null;
  const { type, ...data } = event;
  return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}
