import { parseBounded } from '../../../bounded-json.js';
import { SlipwayError } from '../../../errors.js';
import { pausedError, type HostPauses } from '../../../host-pauses.js';
import { isPassingStatus } from '../../../passing-status.js';

/** The part of `fetch` that is used. */
export type Fetch = typeof fetch;

export interface JsonMessage {
  /** Default: POST. */
  readonly method?: 'GET' | 'POST' | 'PATCH';
  readonly url: URL;
  /** Sent as it is if it is text. */
  readonly body?: object | string;
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

/** An answer to a message has at most this many bytes. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * Sends one message and checks only the status: the one table of the answers of GitHub's API and of callback receivers, as docs/errors.md
 * shows it. Fails with `notice-failed` if there is no answer or one that may pass, with the time that the host names as `retryAt`; before that
 * time nothing is sent to it. Fails with `notice-refused` for any other status than 2xx.
 */
export async function sendJson(sending: Sending, message: JsonMessage): Promise<void> {
  const response = await accepted(sending, message);
  // An unread body would keep the connection busy.
  await thrownAway(response);
}

/** The same, and resolves with the JSON of the answer. Fails with `notice-failed` as well if it is broken, or has more than 1 MiB. */
export async function askJson(sending: Sending, message: JsonMessage): Promise<unknown> {
  const response = await accepted(sending, message);
  const json = await bytesOf(response, message.url).then(parseBounded);
  if (json === undefined) throw new SlipwayError('notice-failed', `${message.url.host} answered with broken JSON.`);
  return json;
}

async function accepted({ fetch, hosts }: Sending, message: JsonMessage): Promise<Response> {
  const { url } = message;
  const until = hosts?.until(url.host) ?? null;
  if (until !== null) throw pausedError('notice-failed', url.host, until);
  const response = await request(fetch, message);
  if (response.ok) return response;
  const { status, headers } = await limitedOr(response, url);
  await thrownAway(response);
  const limited = headers.has('retry-after') || (status === 403 && headers.get('x-ratelimit-remaining') === '0');
  const code = limited || isPassingStatus(status) ? 'notice-failed' : 'notice-refused';
  const retryAt = code === 'notice-failed' ? hosts?.answered(url.host, { status, headers }) : null;
  throw new SlipwayError(code, `${url.host} answered with status ${status}.`, { retryAt, extra: { status } });
}

/** A connection that breaks then has given its answer already. */
const thrownAway = async ({ body }: Response): Promise<void> => body?.cancel().catch(() => undefined);

/** Bytes of a refusal that are read for its reason. */
const MAX_REASON_BYTES = 64 * 1024;
/** "Wait for at least one minute before retrying" (GitHub, "Rate limits for the REST API"). */
const secondaryLimitSeconds = '60';

/** GitHub's secondary limits need not have a header that says so: then the text does. */
async function limitedOr(response: Response, url: URL): Promise<Pick<Response, 'status' | 'headers'>> {
  const { status, headers } = response;
  if (status !== 403 || headers.has('retry-after')) return response;
  const reason = await bytesOf(response, url, MAX_REASON_BYTES).catch(() => Buffer.alloc(0));
  if (!/secondary rate limit|abuse detection/i.test(reason.toString())) return response;
  const named = new Headers(headers);
  named.set('retry-after', secondaryLimitSeconds);
  return { status, headers: named };
}

async function request(
  fetch: Fetch,
  { method = 'POST', url, body, headers, timeoutMs, redirects }: JsonMessage,
): Promise<Response> {
  try {
    return await fetch(url, {
      method,
      headers: { 'content-type': 'application/json', 'user-agent': 'slipway', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      redirect: redirects === 'follow' ? 'follow' : 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (thrown) {
    throw new SlipwayError('notice-failed', `${url.host} does not answer.`, { cause: thrown });
  }
}

async function bytesOf({ body }: Response, { host }: URL, limit = MAX_ANSWER_BYTES): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of body ?? []) {
      chunks.push(chunk as Uint8Array);
      length += chunks.at(-1)?.length ?? 0;
      if (length > limit) throw new SlipwayError('notice-failed', `${host} answers with more than ${limit} bytes.`);
    }
  } catch (thrown) {
    if (thrown instanceof SlipwayError) throw thrown;
    throw new SlipwayError('notice-failed', `${host} broke off its answer.`, { cause: thrown });
  }
  return Buffer.concat(chunks);
}
