import createClient, { type Middleware } from 'openapi-fetch';
import type { paths } from './schema.js';

/** A refusal or failure of the server, as its problem+json says it. `status` 0: the server did not answer. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

let csrfToken: string | null = null;

/** The token that calls which change something must carry. It belongs to the session. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

const csrf: Middleware = {
  onRequest({ request }) {
    if (csrfToken !== null && request.method !== 'GET') request.headers.set('x-csrf-token', csrfToken);
    return request;
  },
};

/** The public API, typed by its own OpenAPI document. */
export const api = createClient<paths>({ baseUrl: '/' });
api.use(csrf);

/** Fetches from this server what is not JSON, or not in the document. Fails with a {@link Problem}. */
export async function ask(url: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (csrfToken !== null && (init.method ?? 'GET') !== 'GET') headers.set('x-csrf-token', csrfToken);
  const response = await fetch(url, { ...init, headers }).catch(unreachable);
  if (response.ok) return response;
  throw problemOf(response, await response.json().catch(() => null));
}

/** The body of an answer. Fails with a {@link Problem}. */
export async function answerOf<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call.catch(unreachable);
  if (response.ok) return data as T;
  throw problemOf(response, error);
}

function unreachable(error: unknown): never {
  if (error instanceof DOMException && error.name === 'AbortError') throw error;
  throw new Problem(0, 'unreachable', 'The server does not answer.');
}

function problemOf({ status, statusText }: Response, body: unknown): Problem {
  const said = (typeof body === 'object' && body !== null ? body : {}) as { code?: string; detail?: string };
  return new Problem(status, said.code ?? 'unknown', said.detail ?? (statusText || `The server answered ${status}.`));
}
