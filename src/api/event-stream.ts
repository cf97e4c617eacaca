import { Readable } from 'node:stream';
import { version } from '../version.js';
import type { EventFilter } from './event-filter.js';
import type { EventHistory } from './event-history.js';

/** A slow client is disconnected when more bytes than this wait for it. It can connect again and go on where it was. */
const MAX_BACKLOG_BYTES = 1024 * 1024;

export interface EventStreamOptions {
  readonly history: EventHistory;
  readonly filter: EventFilter;
  /** The `Last-Event-ID` of a client that comes back. */
  readonly lastId?: string | undefined;
  readonly stopping: AbortSignal;
  /** Milliseconds between comments that keep proxies from closing a quiet connection. */
  readonly heartbeatMs: number;
}

/**
 * Changes as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): a greeting with the server's version,
 * those after `lastId`, then those from now on. Ends when `stopping` aborts. Destroying it releases everything.
 */
export function createEventStream(options: EventStreamOptions): Readable {
  const { history, filter, lastId, stopping, heartbeatMs } = options;
  const stream = new Readable({ read: () => undefined });
  let ended = false;
  const send = (bytes: Buffer | string) => {
    if (ended || stream.destroyed) return;
    if (stream.readableLength > MAX_BACKLOG_BYTES) stream.destroy();
    else stream.push(bytes);
  };
  const hello = JSON.stringify({ version, revision: history.newest() });
  send(`retry: 2000\n\nevent: hello\ndata: ${hello}\n\n${history.since(lastId, filter)}`);
  const following = history.follow(filter, send);
  const end = () => {
    following.flush();
    if (!ended) stream.push(null);
    ended = true;
  };
  // With the id, a client that gets few events is not the one that missed too many when it comes back.
  const heartbeat = setInterval(() => send(`: still here\nid: ${following.position()}\n\n`), heartbeatMs);
  stopping.addEventListener('abort', end);
  stream.once('close', () => {
    following.leave();
    clearInterval(heartbeat);
    stopping.removeEventListener('abort', end);
  });
  if (stopping.aborted) end();
  return stream;
}
