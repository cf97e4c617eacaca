import { SlipwayError } from '../../errors.js';
import type { HostPauses } from '../../host-pauses.js';
import { isoTime } from '../../iso-time.js';
import { isPassingStatus } from '../../passing-status.js';

/** The part of `fetch` that is used. */
export type Fetch = typeof fetch;

export interface JsonMessage {
  readonly url: URL;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds for the whole exchange. */
  readonly timeoutMs: number;
  /** `refuse`: a redirect counts as a refusal. `follow`: credentials are dropped if it leads to another origin. */
  readonly redirects: 'refuse' | 'follow';
}

/** What a message is sent with. */
export interface Sending {
  readonly fetch: Fetch;
  /** Hosts that named a time. Without it, the time is not read. */
  readonly hosts?: HostPauses;
}

/**
 * Sends one POST and checks only the status: the one table of the answers of GitHub's API and of callback receivers, as docs/errors.md shows
 * it. Fails with `notice-failed` if there is no answer or one that may pass, with the time that the host names as `retryAt`; before that
 * time nothing is sent to it. Fails with `notice-refused` for any other status than 2xx.
 */
export async function sendJson({ fetch, hosts }: Sending, message: JsonMessage): Promise<void> {
  const { url } = message;
  const until = hosts?.until(url.host) ?? null;
  if (until !== null)
    throw new SlipwayError('notice-failed', `${url.host} wants nothing before ${isoTime(until)}.`, { retryAt: until });
  const response = await request(fetch, message);
  // An unread body would keep the connection busy.
  await response.body?.cancel();
  if (response.ok) return;
  const { status, headers } = response;
  const limited = headers.has('retry-after') || (status === 403 && headers.get('x-ratelimit-remaining') === '0');
  const code = limited || isPassingStatus(status) ? 'notice-failed' : 'notice-refused';
  const retryAt = code === 'notice-failed' ? hosts?.answered(url.host, response) : null;
  throw new SlipwayError(code, `${url.host} answered with status ${status}.`, { retryAt });
}

async function request(fetch: Fetch, { url, body, headers, timeoutMs, redirects }: JsonMessage): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'slipway', ...headers },
      body: JSON.stringify(body),
      redirect: redirects === 'follow' ? 'follow' : 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (thrown) {
    throw new SlipwayError('notice-failed', `${url.host} does not answer.`, { cause: thrown });
  }
}
