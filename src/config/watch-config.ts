import { abortWith, type Clock } from '../clock.js';

/** Reports changes of a file until the signal aborts. May report more often than it changes. */
export type WatchFile = (file: string, changed: () => void, signal: AbortSignal) => void;

export interface ConfigWatch {
  readonly file: string;
  readonly watch: WatchFile;
  readonly clock: Clock;
  /** Reads and applies the file. Calls never overlap. */
  readonly reload: () => Promise<void>;
}

/** An editor writes a file in several steps. It is read after it has been quiet for this long. */
const QUIET_MS = 500;

/** Reads the configuration again when its file changes and at every `now()`, until the signal aborts. */
export function watchConfig({ file, watch, clock, reload }: ConfigWatch, signal: AbortSignal): { now(): void } {
  let current: Promise<void> = Promise.resolve();
  let pause = new AbortController();
  const now = (): void => {
    pause.abort();
    if (!signal.aborted) current = current.then(reload);
  };
  watch(
    file,
    () => {
      pause.abort();
      const own = (pause = new AbortController());
      const leave = abortWith(own, signal);
      void clock.sleep(QUIET_MS, own.signal).then(() => {
        leave();
        if (!own.signal.aborted) now();
      });
    },
    signal,
  );
  return { now };
}
