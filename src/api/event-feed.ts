import { abortWith, type Clock } from '../clock.js';

/** Milliseconds in which changes of the same subject go out as the newest, while there are many. */
const WINDOW_MS = 250;
/** The number of changes that go out at once before that. Each quiet window grants one more. */
const AT_ONCE = 8;

/** Readers that are sent something before anything else has its turn: a hundred writes take longer than an answer may wait. */
const READERS_A_TURN = 10;

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
  /** Sends at once, to everybody, what waits for its turn or for the end of a window. */
  flush(): void;
  /** The first event that is not sent to everybody yet. */
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
  const turns = createTurns((reader) => readers.has(reader));
  const waiting = new Map<string, Sent>();
  const closing = new AbortController();
  const unlink = abortWith(closing, stopping);
  let allowed = AT_ONCE;
  let refilling = false;

  const sendIfAllowed = () => {
    if (waiting.size === 0 || allowed === 0) return;
    allowed -= 1;
    turns.send([...waiting.values()], readers);
    waiting.clear();
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
    flush() {
      if (waiting.size > 0) turns.send([...waiting.values()], readers);
      waiting.clear();
      turns.finish();
    },
    first: () => turns.first() ?? waiting.values().next().value,
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

/** Hands out buffers in the order in which they were put together, to a few readers at a time. */
function createTurns(stays: (reader: Reader) => boolean) {
  const batches: { readonly all: readonly Sent[]; readonly bytes: Buffer; readonly left: Reader[] }[] = [];
  let scheduled = false;

  const handOut = (limit: number) => {
    for (let count = 0; count < limit && batches[0] !== undefined;) {
      const { all, bytes, left } = batches[0];
      for (const reader of left.splice(0, limit - count)) {
        count += 1;
        if (!stays(reader)) continue;
        const isLate = reader.after >= (all[0]?.order ?? 0);
        reader.send(isLate ? bytesOf(all.filter(({ order }) => order > reader.after)) : bytes);
      }
      if (left.length === 0) batches.shift();
    }
    if (batches.length > 0 && !scheduled) {
      scheduled = true;
      setImmediate(() => {
        scheduled = false;
        handOut(READERS_A_TURN);
      });
    }
  };
  return {
    send(all: readonly Sent[], readers: Iterable<Reader>) {
      const isFirst = batches.length === 0;
      batches.push({ all, bytes: bytesOf(all), left: [...readers] });
      if (isFirst) handOut(READERS_A_TURN);
    },
    finish: () => handOut(Infinity),
    first: () => batches[0]?.all[0],
  };
}

const bytesOf = (all: readonly Sent[]): Buffer => Buffer.from(all.map(({ text }) => text).join(''));
