/** Time as an argument. The real one is made in main.ts. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds, or at once (without an error) when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * Has a controller abort when a signal does, for the same reason, until the function that is returned is called; that has to be done in
 * the end where the signal outlives the controller.
 *
 * Not AbortSignal.any: of a signal that lasts as long as the server it keeps some bytes for each call (nodejs/node#62363), and of a time
 * limit among its sources a garbage collection may leave nothing (nodejs/node#57736).
 */
export function abortWith(controller: AbortController, signal: AbortSignal): () => void {
  const abort = () => controller.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  return () => signal.removeEventListener('abort', abort);
}
