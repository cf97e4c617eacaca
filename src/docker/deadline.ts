import type { Clock } from '../clock.js';
import { SlipwayError } from '../errors.js';

/**
 * Runs work with a deadline of `ms` milliseconds. Afterwards its signal aborts and the result is `engine-unavailable`: a hanging engine is
 * as good as none.
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
