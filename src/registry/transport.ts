import { SlipwayError } from '../errors.js';
import { pausedError, type HostPauses } from '../host-pauses.js';
import { isPassingStatus } from '../passing-status.js';

/** The part of `fetch` that is used; Node's own satisfies it. */
export type Fetch = typeof fetch;

export interface Exchange {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Maximum bytes to read of the answer. */
  readonly limit: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
  /** When the host wants to be asked again at the earliest, in milliseconds since the epoch. Null: it names no time. */
  readonly retryAt: number | null;
}

export interface Transport {
  /**
   * Sends one request. Any status except a redirect is an answer. Fails with `registry-unavailable` without an answer, and without asking
   * before the time that the host named; with `registry-error` for an answer over the limit or a redirect. Redirects are never followed: only the configured host gets the credentials.
   */
  send(exchange: Exchange): Promise<Answer>;
}

export interface TransportOptions {
  readonly fetch: Fetch;
  /** For the whole exchange, including the body. */
  readonly timeoutMs: number;
  readonly pauses: HostPauses;
}

export function createTransport(options: TransportOptions): Transport {
  const { pauses } = options;
  return {
    async send(exchange) {
      const { url, method, headers, body } = exchange;
      const until = pauses.until(url.host);
      if (until !== null) throw pausedError('registry-unavailable', url.host, until);
      try {
        const signal = AbortSignal.timeout(options.timeoutMs);
        const response = await options.fetch(url, { method, headers, body, redirect: 'manual', signal });
        if (response.status >= 300 && response.status <= 399) throw await redirected(url, response);
        const { status } = response;
        const mayPass = isPassingStatus(status) || status === 403;
        const retryAt = mayPass ? pauses.answered(url.host, response) : null;
        const read = await readBounded(response, exchange.limit, url.host);
        return { status, headers: response.headers, body: read, retryAt };
      } catch (thrown) {
        if (thrown instanceof SlipwayError) throw thrown;
        throw new SlipwayError('registry-unavailable', `${url.host} does not answer: ${whatFailed(thrown)}.`, {
          cause: thrown,
        });
      }
    },
  };
}

async function redirected(url: URL, response: Response): Promise<SlipwayError> {
  await response.body?.cancel();
  const location = response.headers.get('location') ?? '';
  const target = location !== '' && URL.canParse(location, url.href) ? new URL(location, url).host : '';
  return new SlipwayError(
    'registry-error',
    `${url.host} redirects to ${target || 'nowhere'} (HTTP status ${response.status}), and redirects are not followed.`,
  );
}

async function readBounded(response: Response, limit: number, host: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (response.body === null) return Buffer.alloc(0);
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > limit) throw new SlipwayError('registry-error', `An answer of ${host} is larger than ${limit} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Fetch says only "fetch failed". Its cause says what happened (ECONNREFUSED, a certificate…). */
function whatFailed(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'request failed';
  if (thrown.name === 'TimeoutError') return 'timed out';
  const cause = thrown.cause;
  if (cause instanceof Error) return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  return thrown.message;
}
