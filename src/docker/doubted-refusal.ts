import type { Clock } from '../clock.js';
import { SlipwayError } from '../errors.js';

/** Milliseconds before an engine is sent to a registry again that seems to have refused the credentials. */
const pausesMs = [1_000, 3_000] as const;

/**
 * Does a pull or a push by an engine, up to twice again while it fails with `registry-unauthorized`. Before either, an engine asks the
 * registry's `/v2/` whether credentials are wanted. Where that gets an error instead of an answer, a 503 for example, the engine goes on
 * without any, and the 401 that follows reads as if they were wrong (moby, `PingV2Registry`; seen on 20.10).
 */
export async function doubtingRefusals<T>(clock: Clock, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (const pause of pausesMs) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SlipwayError) || error.code !== 'registry-unauthorized') throw error;
    }
    await clock.sleep(pause, signal);
    signal.throwIfAborted();
  }
  return work();
}
