import { SlipwayError } from '../errors.js';

/** The part of `fetch` that is used; Node's own satisfies it. */
export type Fetch = typeof fetch;

export interface Exchange {
  readonly method: 'GET' | 'PUT';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** The most bytes that are read of the answer. */
  readonly limit: number;
  readonly redirect: 'follow' | 'manual';
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
  /** Whether another address than the one asked for gave the answer. */
  readonly redirected: boolean;
}

export interface Transport {
  /** One request, one answer of whatever status. `registry-unavailable` where none comes, `registry-error` where it is over the limit. */
  send(exchange: Exchange): Promise<Answer>;
}

/** `timeoutMs` covers a whole exchange, the body included. Fetch takes the Authorization header off when a redirect leaves the origin. */
export function createTransport(options: { readonly fetch: Fetch; readonly timeoutMs: number }): Transport {
  return {
    async send(exchange) {
      const { url, method, headers, body, redirect } = exchange;
      try {
        const signal = AbortSignal.timeout(options.timeoutMs);
        const response = await options.fetch(url, { method, headers, body, redirect, signal });
        return {
          status: response.status,
          headers: response.headers,
          body: await readBounded(response, exchange.limit, url.host),
          redirected: response.redirected,
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

/** Fetch says only "fetch failed"; what happened (ECONNREFUSED, a certificate…) is in its cause. */
function whatFailed(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'request failed';
  if (thrown.name === 'TimeoutError') return 'timed out';
  const cause = thrown.cause;
  if (cause instanceof Error) return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  return thrown.message;
}
