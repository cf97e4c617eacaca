/** One thing at a time; requests that wait are answered together. */
export interface FetchQueue {
  /** Runs work alone, after all that was given before. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Has `bring` called, alone, with this request and all others that wait by then; resolves or fails as that call does. */
  together(wanted: readonly string[]): Promise<void>;
}

/**
 * Coalescing is what keeps a burst of pushes from becoming a burst of fetches. A request never joins a fetch that has already
 * begun: that one may have asked the host before the wanted commit was there.
 */
export function createFetchQueue(bring: (wanted: readonly string[]) => Promise<void>): FetchQueue {
  let last: Promise<unknown> = Promise.resolve();
  let waiting: { readonly wanted: Set<string>; readonly done: Promise<void> } | null = null;

  function alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work, work);
    last = turn.catch(() => {});
    return turn;
  }

  function together(wanted: readonly string[]): Promise<void> {
    if (waiting === null) {
      const all = new Set<string>();
      const done = alone(() => {
        waiting = null;
        return bring([...all]);
      });
      waiting = { wanted: all, done };
    }
    for (const commit of wanted) waiting.wanted.add(commit);
    return waiting.done;
  }

  return { alone, together };
}
