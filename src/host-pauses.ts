import type { Clock } from './clock.js';
import { SlipwayError, type ErrorCode } from './errors.js';
import { isoTime } from './iso-time.js';
import { MAX_WAIT_MS, retryAtOf } from './retry-after.js';

/** Hosts that asked to be left alone for a while. In memory, for all callers that share it. */
export interface HostPauses {
  /** Milliseconds since the epoch until which nothing may be sent to the host, or null. */
  until(host: string): number | null;
  /** Reads the time that a host's answer names, keeps it and returns it. Null if it names none. A later time of before stays. */
  answered(host: string, answer: { readonly status: number; readonly headers: Headers }): number | null;
}

/** What is not sent because of a pause, as the neighbour's code for being away. */
export const pausedError = (code: ErrorCode, host: string, until: number): SlipwayError =>
  new SlipwayError(code, `${host} wants to be asked again at ${isoTime(until)}, not before.`, { retryAt: until });

export function createHostPauses(clock: Pick<Clock, 'now'>): HostPauses {
  const pauses = new Map<string, number>();
  return {
    until(host) {
      const until = pauses.get(host.toLowerCase());
      if (until === undefined) return null;
      const left = until - clock.now();
      // A clock that was set back makes a pause longer than any that a host may ask for.
      if (left > 0 && left <= MAX_WAIT_MS) return until;
      pauses.delete(host.toLowerCase());
      return null;
    },
    answered(host, { status, headers }) {
      const at = retryAtOf(headers, status, clock.now());
      if (at !== null) pauses.set(host.toLowerCase(), Math.max(at, this.until(host) ?? 0));
      return at;
    },
  };
}
