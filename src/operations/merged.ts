/** An item that waits to be taken. */
interface Waiting<T> {
  readonly item: T;
  readonly taken: () => void;
}

/**
 * Everything that comes from several sources, in the order in which it comes. Each source is asked for its next item only when its last one
 * was taken, so at most one of each is held. Fails with the first source that does. The sources have to end when nobody reads on: give them
 * a signal.
 */
export async function* merged<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  const waiting: Waiting<T>[] = [];
  let [open, isOver] = [sources.length, false];
  let failure: { readonly error: unknown } | null = null;
  let wake = (): void => undefined;
  const pump = async (source: AsyncIterable<T>): Promise<void> => {
    try {
      for await (const item of source) {
        if (isOver) return;
        await new Promise<void>((taken) => {
          waiting.push({ item, taken });
          wake();
        });
      }
    } catch (error) {
      failure ??= { error };
    } finally {
      open -= 1;
      wake();
    }
  };
  for (const source of sources) void pump(source);
  try {
    while (open > 0 || waiting.length > 0) {
      const next = waiting.shift();
      if (failure !== null) throw (failure as { readonly error: unknown }).error;
      if (next === undefined) await new Promise<void>((resolve) => (wake = resolve));
      else {
        yield next.item;
        next.taken();
      }
    }
    if (failure !== null) throw (failure as { readonly error: unknown }).error;
  } finally {
    isOver = true;
    for (const { taken } of waiting.splice(0)) taken();
  }
}
