/** Time as an argument. The real one is made in main.ts. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds, or at once (without an error) when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * Links a controller to a signal: it aborts with the same reason. The returned function unlinks them, and must be called if the signal
 * outlives the controller.
 *
 * Not AbortSignal.any: it keeps some bytes per call for a signal that lasts as long as the server (nodejs/node#62363), and with a time
 * limit among its sources garbage collection may lose it (nodejs/node#57736).
 */
export function abortWith(controller: AbortController, signal: AbortSignal): () => void {
  const abort = () => controller.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  return () => signal.removeEventListener('abort', abort);
}
