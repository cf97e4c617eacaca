import { useSignal, type ReadonlySignal } from '@preact/signals';

export interface Busy {
  /** True while something is sent. The button that sends is disabled until it has ended. */
  readonly isBusy: ReadonlySignal<boolean>;
  /** Does it, unless it is being done. Never fails: what went wrong is in `fault`. */
  readonly once: (work: () => Promise<unknown>) => Promise<void>;
  /** Why the last one failed. Null: it did not. */
  readonly fault: ReadonlySignal<string | null>;
  readonly forget: () => void;
}

/** Sends one thing at a time, so that a second click does nothing. */
export function useBusy(): Busy {
  const [isBusy, fault] = [useSignal(false), useSignal<string | null>(null)];
  const once = async (work: () => Promise<unknown>) => {
    if (isBusy.peek()) return;
    isBusy.value = true;
    fault.value = null;
    try {
      await work();
    } catch (error) {
      fault.value = (error as Error).message;
    } finally {
      isBusy.value = false;
    }
  };
  return { isBusy, once, fault, forget: () => void (fault.value = null) };
}
