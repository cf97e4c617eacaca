/** Pushes to a branch closer together than this are a burst, in milliseconds. */
const LULL_MS = 500;
/** A burst delays builds by at most this, in milliseconds. */
const MAX_DELAY_MS = 15_000;

/** Decides when builds that a push asks for may begin. */
export interface Pace {
  /**
   * When builds for this push may begin. At once, unless the previous push was a moment ago: the next one would supersede them, so they
   * wait for a quiet moment. In memory only: after a restart nothing waits.
   */
  afterPush(repository: string, ref: string, now: number): number;
}

interface Burst {
  readonly began: number;
  readonly last: number;
}

export function createPace(): Pace {
  const bursts = new Map<string, Burst>();
  return {
    afterPush(repository, ref, now) {
      for (const [branch, { last }] of bursts) if (now - last >= LULL_MS || now < last) bursts.delete(branch);
      const branch = `${repository} ${ref}`;
      const burst = bursts.get(branch);
      bursts.set(branch, { began: burst?.began ?? now, last: now });
      return burst === undefined ? now : Math.max(now, Math.min(now + LULL_MS, burst.began + MAX_DELAY_MS));
    },
  };
}
