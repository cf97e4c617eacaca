import type { Clock } from '../../clock.js';
import { SlipwayError } from '../../errors.js';
import { pauseAfter } from '../../queue/pauses.js';
import { throwIfStopped } from './stopped.js';

export interface Patience {
  /** Milliseconds since the first failure. What fails then, fails. */
  readonly limit: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What may pass. Default: everything that is worth a retry. */
  readonly passes?: (error: SlipwayError) => boolean;
  /** Called with each failure that is waited out, and with the time at which what fails then fails. */
  readonly onFailure?: (error: SlipwayError, until: number) => Promise<void>;
  /** Called when it waits no longer, if it ever did. */
  readonly onPass?: () => Promise<void>;
}

const MAX_PAUSE_MS = 5_000;
/** The first pause is a second, or less where patience is short. */
const FIRST_PAUSE_MS = 1_000;
const PAUSES_UNTIL_THEN = 10;

/** Does something again and again while it fails with what may pass. Fails at once with anything else, or when the signal aborts. */
export async function whileItPasses<T>(
  { limit, clock, signal, passes = isRetryable, onFailure, onPass }: Patience,
  work: () => Promise<T>,
): Promise<T> {
  let until: number | null = null;
  const firstMs = Math.min(FIRST_PAUSE_MS, Math.max(1, limit / PAUSES_UNTIL_THEN));
  for (let attempt = 0; ; attempt += 1) {
    throwIfStopped(signal);
    try {
      const result = await work();
      if (until !== null) await onPass?.();
      return result;
    } catch (error) {
      throwIfStopped(signal);
      until ??= clock.now() + limit;
      if (!(error instanceof SlipwayError) || !passes(error) || clock.now() >= until) {
        if (attempt > 0) await onPass?.();
        throw error;
      }
      await onFailure?.(error, until);
      await clock.sleep(pauseAfter(attempt, { firstMs, maxMs: MAX_PAUSE_MS }), signal);
    }
  }
}

const isRetryable = ({ retryable }: SlipwayError): boolean => retryable;
