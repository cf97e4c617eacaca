import { abortWith, type Clock } from '../clock.js';

/** Milliseconds in which changes of the same subject go out as the newest, while there are many. */
const WINDOW_MS = 250;
/** The number of changes that go out at once before that. Each quiet window grants one more. */
const AT_ONCE = 8;

/** One event as it is sent. */
export interface Sent {
  /** Grows with each event. */
  readonly order: number;
  /** The newest number that a client has with it. */
  readonly number: number;
  readonly subject: string;
  readonly text: string;
}

interface Reader {
  /** It has what came up to here. */
  readonly after: number;
  readonly send: (bytes: Buffer) => void;
}

/** Everybody who watches the same: what they are sent is put together once, in one buffer for all. */
export interface EventFeed {
  add(one: Sent): void;
  /** Sends at once what waits for the end of a window. */
  flush(): void;
  /** The first event that is not sent yet. */
  first(): Sent | undefined;
  /** `after`: the `order` of the newest event that the reader has. Returns the function that ends it. */
  join(reader: Reader): () => void;
  readonly size: number;
  /** Sends nothing more. */
  close(): void;
}

/** Sends the changes of a quiet time at once, and those of a busy one together, the newest of each subject. Their order stays. */
export function createEventFeed(clock: Clock, stopping: AbortSignal): EventFeed {
  const readers = new Set<Reader>();
  const waiting = new Map<string, Sent>();
  const closing = new AbortController();
  const unlink = abortWith(closing, stopping);
  let allowed = AT_ONCE;
  let refilling = false;

  const flush = () => {
    if (waiting.size === 0) return;
    const all = [...waiting.values()];
    waiting.clear();
    const bytes = bytesOf(all);
    const oldest = all[0]?.order ?? 0;
    for (const { after, send } of readers) {
      send(after < oldest ? bytes : bytesOf(all.filter(({ order }) => order > after)));
    }
  };
  const sendIfAllowed = () => {
    if (waiting.size === 0 || allowed === 0) return;
    allowed -= 1;
    flush();
  };
  const refill = async () => {
    refilling = true;
    while (allowed < AT_ONCE && !closing.signal.aborted) {
      await clock.sleep(WINDOW_MS, closing.signal);
      allowed += 1;
      sendIfAllowed();
    }
    refilling = false;
  };
  return {
    add(one) {
      // Removed first: what is sent is in the order of the newest.
      waiting.delete(one.subject);
      waiting.set(one.subject, one);
      sendIfAllowed();
      if (!refilling) void refill();
    },
    flush,
    first: () => waiting.values().next().value,
    join(reader) {
      readers.add(reader);
      return () => readers.delete(reader);
    },
    get size() {
      return readers.size;
    },
    close() {
      unlink();
      closing.abort();
    },
  };
}

const bytesOf = (all: readonly Sent[]): Buffer => Buffer.from(all.map(({ text }) => text).join(''));
