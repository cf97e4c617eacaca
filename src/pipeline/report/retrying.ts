import { abortWith, type Clock } from '../../clock.js';
import { asSlipwayError } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Notice, Notifier, RemoteNotifier } from './notifier.js';

export interface RetryOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Aborts when the server stops. Nothing is repeated after that. */
  readonly stopping: AbortSignal;
  /** Milliseconds between attempts. One repetition per entry. */
  readonly pauses?: readonly number[];
}

/** About five hours in all: nobody waits for a notice, and most limits of a receiver end within one. */
const growingPauses = [1, 5, 15, 60, 180, 600, 1200, 1800, 3600, 3600, 3600, 3600].map((seconds) => seconds * 1_000);

/** Notices about one subject: one at a time, and the newest that came since. */
interface Line {
  next: Notice | null;
  wake: AbortController;
  done: Promise<void>;
}

/**
 * Makes a notifier reliable. Notices of one subject arrive in order. A notice that failed with a retryable error is repeated with growing
 * pauses until a newer one replaces it, never before the time that the receiver named. An undeliverable notice is logged once. `notify` never rejects. It resolves when there is nothing
 * left to report about the subject.
 */
export function retrying(notifier: RemoteNotifier, options: RetryOptions): Notifier {
  const lines = new Map<string, Line>();
  return {
    name: notifier.name,
    async notify(notice) {
      const subject = notifier.subject(notice);
      if (subject === null) return;
      const line = lines.get(subject);
      if (line !== undefined) {
        line.next = notice;
        line.wake.abort();
        return line.done;
      }
      const fresh: Line = { next: notice, wake: new AbortController(), done: Promise.resolve() };
      lines.set(subject, fresh);
      fresh.done = tellAll(notifier, fresh, options, subject, () => lines.delete(subject));
      return fresh.done;
    },
  };
}

async function tellAll(
  notifier: RemoteNotifier,
  line: Line,
  options: RetryOptions,
  subject: string,
  close: () => void,
): Promise<void> {
  while (line.next !== null) {
    const notice = line.next;
    line.next = null;
    line.wake = new AbortController();
    await tell(notifier, notice, line, options, subject);
  }
  // Must run synchronously after the check, or a notice arriving in between would be lost.
  close();
}

async function tell(
  notifier: RemoteNotifier,
  notice: Notice,
  line: Line,
  { clock, log, stopping, pauses = growingPauses }: RetryOptions,
  subject: string,
): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await notifier.notify(notice);
    } catch (thrown) {
      const error = asSlipwayError(thrown);
      const pause = error.retryable ? pauses[attempt] : undefined;
      const named = Math.max(0, (error.retryAt ?? 0) - clock.now());
      // The receiver named that time, so a newer notice waits for it too.
      if (named > 0) await clock.sleep(named, stopping);
      if (line.next !== null) return;
      if (pause === undefined || stopping.aborted) {
        log.warn({ err: error, notifier: notifier.name, subject }, `could not deliver a notice: ${error.message}`);
        return;
      }
      const leave = abortWith(line.wake, stopping);
      if (pause > named) await clock.sleep(pause - named, line.wake.signal);
      leave();
      if (line.next !== null) return;
    }
  }
}
