import type { Clock } from '../clock.js';
import { SlipwayError } from '../errors.js';

/**
 * Work with the engine that has to be done in `ms` milliseconds: past that its signal aborts and the result is `engine-unavailable`,
 * since an engine that hangs is as good as none.
 */
export async function within<T>(clock: Clock, ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  const done = new AbortController();
  const running = work(late.signal);
  running.catch(() => undefined);
  const deadline = clock.sleep(ms, done.signal).then(() => {
    if (done.signal.aborted) return running;
    throw new SlipwayError('engine-unavailable', `The Docker Engine gave no answer within ${ms / 1000} seconds.`);
  });
  deadline.catch(() => undefined);
  try {
    return await Promise.race([running, deadline]);
  } finally {
    done.abort();
    late.abort();
  }
}
