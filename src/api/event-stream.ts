import { PassThrough, type Readable } from 'node:stream';
import { version } from '../version.js';
import type { EventHistory } from './event-history.js';

/** A slow client is disconnected when this many bytes wait for it. It can connect again and go on where it was. */
const MAX_BACKLOG_BYTES = 1024 * 1024;

export interface EventStreamOptions {
  readonly history: EventHistory;
  /** The `Last-Event-ID` of a client that comes back. */
  readonly lastId?: string | undefined;
  readonly stopping: AbortSignal;
  /** Milliseconds between comments that keep proxies from closing a quiet connection. */
  readonly heartbeatMs: number;
}

/**
 * Changes of builds, deliveries, deployments and hosts as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html):
 * a greeting with the server's version, those after `lastId`, then those from now on. Ends when `stopping` aborts. Destroying it releases everything.
 */
export function createEventStream({ history, lastId, stopping, heartbeatMs }: EventStreamOptions): Readable {
  const stream = new PassThrough();
  const send = (text: string) => {
    if (stream.writableEnded || stream.destroyed) return;
    if (stream.writableLength > MAX_BACKLOG_BYTES) stream.destroy();
    else stream.write(text);
  };
  const end = () => stream.end();
  const unsubscribe = history.subscribe(send);
  const heartbeat = setInterval(() => send(': still here\n\n'), heartbeatMs);
  stopping.addEventListener('abort', end);
  stream.once('close', () => {
    unsubscribe();
    clearInterval(heartbeat);
    stopping.removeEventListener('abort', end);
  });
  const hello = JSON.stringify({ version, revision: history.newest() });
  send(`retry: 2000\n\nevent: hello\ndata: ${hello}\n\n${history.since(lastId)}`);
  if (stopping.aborted) end();
  return stream;
}
