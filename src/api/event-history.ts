import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { Events } from '../events.js';
import { createEventFeed, type EventFeed } from './event-feed.js';
import { filterKey, isForClients, passes, subjectOf, type ClientEvent, type EventFilter } from './event-filter.js';

/** What is kept for clients that come back. */
const MAX_EVENTS = 1_000;
const MAX_CHARACTERS = 512 * 1024;

/** One event as it is sent, with its number. */
interface Kept {
  readonly number: number;
  readonly event: ClientEvent;
  readonly text: string;
}

/** A client's place among those who are sent events. */
export interface Following {
  /** The `id:` up to which the client has everything. */
  position(): string;
  /** Sends at once what waits to be sent with more. */
  flush(): void;
  leave(): void;
}

/**
 * Changes in the form of server-sent events, numbered (`id:`). The newest of each subject is kept in memory, so that a client that lost its
 * connection gets what it missed. Of logs nothing is kept: there is always more to read.
 */
export interface EventHistory {
  /** The `id:` of the newest event. */
  newest(): string;
  /** What a client is sent after the greeting, by the `Last-Event-ID` of its request. */
  since(lastId: string | undefined, filter: EventFilter): string;
  /** Passes on what is sent from now on. Every client with an equal filter is given the same buffer. */
  follow(filter: EventFilter, send: (bytes: Buffer) => void): Following;
  /** Whether somebody follows who gets such an event. */
  isWatched(event: ClientEvent): boolean;
  /** Listens no more. */
  close(): void;
}

export interface EventHistoryOptions {
  readonly events: Events;
  readonly clock: Clock;
  readonly stopping: AbortSignal;
  /** Tells the events of this process from those of others. */
  readonly run?: string;
}

export function createEventHistory(options: EventHistoryOptions): EventHistory {
  const { events, clock, stopping, run = randomBytes(4).toString('hex') } = options;
  const feeds = new Map<string, { readonly filter: EventFilter; readonly feed: EventFeed }>();
  const kept = createKept();
  let order = 0;
  const idOf = (number: number) => `${run}-${number}`;
  const feedOf = (filter: EventFilter) => {
    const key = filterKey(filter);
    const known = feeds.get(key);
    if (known) return { key, feed: known.feed };
    const feed = createEventFeed(clock, stopping);
    feeds.set(key, { filter, feed });
    return { key, feed };
  };
  const close = events.subscribe((event) => {
    if (!isForClients(event)) return;
    const watching = [...feeds.values()].filter(({ filter }) => passes(event, filter));
    const isKept = event.type !== 'log';
    if (!isKept && watching.length === 0) return;
    order += 1;
    const subject = subjectOf(event);
    const text = isKept ? kept.add(subject, event, (number) => `id: ${idOf(number)}\n${said(event)}`) : said(event);
    for (const { feed } of watching) feed.add({ order, number: kept.newest(), subject, text });
  });
  return {
    newest: () => idOf(kept.newest()),
    since(lastId, filter) {
      // An id without data: a browser keeps it, and tells nobody (https://html.spec.whatwg.org/multipage/server-sent-events.html).
      const here = `id: ${idOf(kept.newest())}\n`;
      if (lastId === undefined || lastId === '') return `${here}\n`;
      const missed = kept.after(numberOf(lastId, run));
      if (missed === null)
        return `${here}event: reset\ndata: {"message":"Events were missed: read the lists again."}\n\n`;
      const texts = missed.filter(({ event }) => passes(event, filter)).map(({ text }) => text);
      return `${texts.join('')}${missed.length === 0 ? '' : `${here}\n`}`;
    },
    follow(filter, send) {
      const { key, feed } = feedOf(filter);
      const end = feed.join({ after: order, send });
      return {
        position() {
          const first = feed.first();
          return idOf(first === undefined ? kept.newest() : first.number - 1);
        },
        flush: feed.flush,
        leave() {
          end();
          if (feed.size > 0 || feeds.get(key)?.feed !== feed) return;
          feeds.delete(key);
          feed.close();
        },
      };
    },
    isWatched: (event) => [...feeds.values()].some(({ filter }) => passes(event, filter)),
    close,
  };
}

/** The newest event of each subject, in order, up to a limit. */
function createKept() {
  let kept = new Map<string, Kept>();
  let characters = 0;
  let newest = 0;
  /** The highest number that may be missing without a newer event of its subject. */
  let forgotten = 0;
  const forget = () => {
    const all = [...kept];
    // Half of them at once: removing the first of many each time costs more.
    const left = all.slice(Math.ceil(all.length / 2));
    forgotten = all[all.length - left.length - 1]?.[1].number ?? forgotten;
    kept = new Map(left);
    characters = left.reduce((sum, [, { text }]) => sum + text.length, 0);
  };
  return {
    newest: () => newest,
    /** Gives the event the next number; returns its text with it. */
    add(subject: string, event: ClientEvent, textOf: (number: number) => string): string {
      newest += 1;
      const text = textOf(newest);
      characters += text.length - (kept.get(subject)?.text.length ?? 0);
      kept.delete(subject);
      kept.set(subject, { number: newest, event, text });
      if (kept.size > MAX_EVENTS || characters > MAX_CHARACTERS) forget();
      return text;
    },
    /** Those after a number. Null: some of them are not held any more, or the number was never given. */
    after(seen: number | null): readonly Kept[] | null {
      if (seen === null || seen > newest || seen < forgotten) return null;
      return seen === newest ? [] : [...kept.values()].filter(({ number }) => number > seen);
    },
  };
}

/** The number in an id of this run, or null. */
function numberOf(id: string, run: string): number | null {
  const [, of, digits = ''] = /^([0-9a-f]+)-(\d{1,15})$/.exec(id) ?? [];
  return of === run ? Number(digits) : null;
}

function said({ type, ...data }: ClientEvent): string {
  return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}
