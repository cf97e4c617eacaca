/** Keeps two kinds of work apart: what may run side by side, and what has to be alone. */
export interface SharedLock {
  /** Runs beside others of its kind. Waits while something is alone, or waits to be. Never call it within itself. */
  together<T>(work: () => Promise<T>): Promise<T>;
  /** Waits for all that runs together, and for all that came earlier to be alone. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

export function createSharedLock(): SharedLock {
  const running = new Set<Promise<unknown>>();
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return {
    async together(work) {
      while (waiting > 0) await last;
      const run = work();
      const ended = run.then(
        () => undefined,
        () => undefined,
      );
      running.add(ended);
      return run.finally(() => running.delete(ended));
    },
    alone(work) {
      waiting += 1;
      const before = last;
      const run = (async () => {
        try {
          await before;
          await Promise.all(running);
          return await work();
        } finally {
          waiting -= 1;
        }
      })();
      last = run.catch(() => undefined);
      return run;
    },
  };
}
