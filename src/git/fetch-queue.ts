type Bring = (requests: readonly (readonly string[])[]) => Promise<void>;

/** One thing at a time; requests that wait are answered together. */
export interface FetchQueue {
  /** Runs work alone, after all that was given before. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Has `bring` called, alone, with a request and all others that wait for it by then; each resolves or fails as that call does. */
  together(bring: Bring): (wanted: readonly string[]) => Promise<void>;
}

/**
 * Coalescing is what keeps a burst of pushes from becoming a burst of fetches. A request never joins a fetch that has already
 * begun: that one may have asked the host before the wanted commit was there.
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
