import { SlipwayError } from '../errors.js';

/** The part of `fetch` that is used; Node's own satisfies it. */
export type Fetch = typeof fetch;

export interface Exchange {
  readonly method: 'GET' | 'PUT';
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
}

export interface Transport {
  /**
   * Sends one request. Any status except a redirect is an answer. Fails with `registry-unavailable` without an answer, `registry-error` if
   * it is over the limit or a redirect. Redirects are never followed: only the configured host gets the credentials.
   */
  send(exchange: Exchange): Promise<Answer>;
}

/** `timeoutMs` covers the whole exchange, including the body. */
export function createTransport(options: { readonly fetch: Fetch; readonly timeoutMs: number }): Transport {
  return {
    async send(exchange) {
      const { url, method, headers, body } = exchange;
      try {
        const signal = AbortSignal.timeout(options.timeoutMs);
        const response = await options.fetch(url, { method, headers, body, redirect: 'manual', signal });
        if (response.status >= 300 && response.status <= 399) throw await redirected(url, response);
        return {
          status: response.status,
          headers: response.headers,
          body: await readBounded(response, exchange.limit, url.host),
        };
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
