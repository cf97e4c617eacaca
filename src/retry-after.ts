/** The longest time that a neighbour's word is taken for, in milliseconds. The limits of Docker Hub and GitHub end within six hours. */
export const MAX_WAIT_MS = 6 * 3_600_000;

/** The part of `Headers` that is used. */
type Headers = Pick<globalThis.Headers, 'get'>;

/**
 * The time before which a host wants no further request, in milliseconds since the epoch, or null if it names none. Read from `Retry-After`
 * in seconds or as an HTTP date (RFC 9110, 10.2.3), and from `x-ratelimit-reset`, in seconds since the epoch, where `x-ratelimit-remaining`
 * is 0 (GitHub, "Rate limits for the REST API") or the status is 429. The later one counts. At most six hours from now.
 */
export function retryAtOf(headers: Headers, status: number, now: number): number | null {
  const named = [retryAfter(headers.get('retry-after'), now), rateLimitReset(headers, status)];
  const times = named.filter((at) => at !== null);
  return times.length === 0 ? null : Math.min(Math.max(now, ...times), now + MAX_WAIT_MS);
}

function retryAfter(value: string | null, now: number): number | null {
  const text = value?.trim() ?? '';
  if (/^\d+$/.test(text)) return now + Number(text) * 1_000;
  // The three forms of an HTTP date begin with the name of a day.
  const date = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : date;
}

function rateLimitReset(headers: Headers, status: number): number | null {
  const reset = headers.get('x-ratelimit-reset')?.trim() ?? '';
  const isSpent = status === 429 || headers.get('x-ratelimit-remaining')?.trim() === '0';
  return isSpent && /^\d+$/.test(reset) ? Number(reset) * 1_000 : null;
}
