type Bring = (requests: readonly (readonly string[])[]) => Promise<void>;

/** Runs one operation at a time and answers waiting requests together. */
export interface FetchQueue {
  /** Runs work alone, after everything queued before. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Calls `bring`, alone, with all requests that are waiting by then. Each request resolves or fails with that call. */
  together(bring: Bring): (wanted: readonly string[]) => Promise<void>;
}

/**
 * Coalescing keeps a burst of pushes from becoming a burst of fetches. A request never joins a running fetch, which may have asked the host
 * before the wanted commit was there.
 */
export function createFetchQueue(): FetchQueue {
  let last: Promise<unknown> = Promise.resolve();

  function alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work, work);
    last = turn.catch(() => {});
    return turn;
  }

  function together(bring: Bring) {
    let waiting: { readonly requests: (readonly string[])[]; readonly done: Promise<void> } | null = null;
    return (wanted: readonly string[]): Promise<void> => {
      if (waiting === null) {
        const requests: (readonly string[])[] = [];
        const done = alone(() => {
          waiting = null;
          return bring(requests);
        });
        waiting = { requests, done };
      }
      waiting.requests.push(wanted);
      return waiting.done;
    };
  }

  return { alone, together };
}
