import { PassThrough, type Readable } from 'node:stream';
import type { Events, SlipwayEvent } from '../events.js';

/** A slow client is disconnected when this many bytes wait for it. It can connect again and ask for the state. */
const MAX_BACKLOG_BYTES = 1024 * 1024;

export interface EventStreamOptions {
  readonly events: Events;
  readonly stopping: AbortSignal;
  /** Milliseconds between comments that keep proxies from closing a quiet connection. */
  readonly heartbeatMs: number;
}

/**
 * Build and delivery changes as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), from now on. Ends when
 * `stopping` aborts. Destroying it releases everything.
 */
export function createEventStream({ events, stopping, heartbeatMs }: EventStreamOptions): Readable {
  const stream = new PassThrough();
  const send = (text: string) => {
    if (stream.writableEnded || stream.destroyed) return;
    if (stream.writableLength > MAX_BACKLOG_BYTES) stream.destroy();
    else stream.write(text);
  };
  const end = () => stream.end();
  const unsubscribe = events.subscribe((event) => {
    const text = rendered(event);
    if (text) send(text);
  });
  const heartbeat = setInterval(() => send(': still here\n\n'), heartbeatMs);
  stopping.addEventListener('abort', end);
  stream.once('close', () => {
    unsubscribe();
    clearInterval(heartbeat);
    stopping.removeEventListener('abort', end);
  });
  send('retry: 2000\n\n');
  if (stopping.aborted) end();
  return stream;
}

function rendered(event: SlipwayEvent): string | null {
  if (event.type !== 'build' && event.type !== 'delivery') return null;
  const { type, ...data } = event;
  return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}
