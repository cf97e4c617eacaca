import { SlipwayError } from '../../errors.js';

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

/** A rate limit, a fault of the receiver, or bad timing. */
const passing = (status: number): boolean => status === 408 || status === 425 || status === 429 || status >= 500;

/**
 * Sends one POST and checks only the status. Fails with `notice-failed` if there is no answer or a retryable one, with `notice-refused` for
 * any other status than 2xx.
 */
export async function sendJson(fetch: Fetch, message: JsonMessage): Promise<void> {
  const { url } = message;
  const response = await request(fetch, message);
  // An unread body would keep the connection busy.
  await response.body?.cancel();
  if (response.ok) return;
  const limited = response.status === 403 && response.headers.get('x-ratelimit-remaining') === '0';
  const code =
    limited || response.headers.has('retry-after') || passing(response.status) ? 'notice-failed' : 'notice-refused';
  throw new SlipwayError(code, `${url.host} answered with status ${response.status}.`);
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
