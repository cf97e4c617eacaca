import { QueryClient } from '@tanstack/preact-query';
import { Problem } from './client.js';
import { session } from './session.js';

const RETRIES = 2;

/**
 * What was read from the server. Events of the stream make it stale (live.ts), so nothing is polled. A refusal is not asked again; a server
 * that does not answer is, and what was read before stays on the page.
 */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => isPassing(error) && count < RETRIES,
      retryDelay: (count) => 500 * 2 ** count,
    },
  },
});

// A session that has ended shows the login form.
queries.getQueryCache().subscribe(({ query }) => {
  const { error } = query.state;
  const now = session.peek();
  if (error instanceof Problem && error.status === 401 && now !== null && now.scopes.length > 0)
    session.value = { ...now, name: 'anonymous', scopes: [], csrfToken: null };
});

/** True for a fault that may pass by itself. */
export function isPassing(error: unknown): boolean {
  return error instanceof Problem && (error.status === 0 || error.status >= 500 || error.status === 429);
}
