import type { ApiDeps } from './deps.js';
import { watch } from './watch.js';

/** Events only speed things up: the store is asked at least this often (ms). */
const LOOK_AGAIN_MS = 2000;

/** A build or a deployment, of which a client wants to see the end. */
export interface Subject<T> {
  readonly type: 'build' | 'deployment';
  readonly id: string;
  readonly read: () => Promise<T>;
  readonly ended: (state: T) => boolean;
}

type WatchDeps = Pick<ApiDeps, 'events' | 'stopping'>;

/** The state when it has ended, or after `atMost` milliseconds, at shutdown, or when the client is gone. Fails as `read` does. */
export async function waitUntilEnded<T>(
  { type, id, read, ended }: Subject<T>,
  atMost: number,
  gone: AbortSignal,
  { events, stopping }: WatchDeps,
): Promise<T> {
  const signals = [stopping, gone, AbortSignal.timeout(atMost)];
  const changes = watch(events, (event) => event.type === type && event.id === id, signals);
  try {
    for (;;) {
      const state = await read();
      if (ended(state) || changes.over()) return state;
      await changes.next(LOOK_AGAIN_MS);
    }
  } finally {
    changes.stop();
  }
}

/** A log from a chunk on, chunk by chunk as it grows. Ends with what it is about, at shutdown, or when the client is gone. Fails as `read` does. */
export async function* followUntilEnded<T>(
  { id, read, ended }: Subject<T>,
  readLog: (from: number) => Promise<{ readonly text: string; readonly next: number }>,
  gone: AbortSignal,
  { events, stopping }: WatchDeps,
  begin = 0,
): AsyncGenerator<string> {
  const changes = watch(events, (event) => 'id' in event && event.id === id, [stopping, gone]);
  try {
    let from = begin;
    for (;;) {
      // Checked before the log is read, so that the log of what has ended is complete.
      const over = ended(await read()) || changes.over();
      const { text, next } = await readLog(from);
      from = next;
      if (text !== '') yield text;
      if (over) return;
      await changes.next(LOOK_AGAIN_MS);
    }
  } finally {
    changes.stop();
  }
}
