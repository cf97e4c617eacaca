/** A branch that is pushed to again within so many milliseconds is in a burst. */
const lull = 500;
/** So many milliseconds of a burst are waited for at most. */
const patience = 15_000;

/** Tells from the pushes to a branch when builds are worth beginning. */
export interface Pace {
  /**
   * When the builds that a push to the branch asks for may begin: at once, unless another push came a moment ago. The next one would
   * supersede them, so they wait until none has come for a moment. In memory only: after a restart nothing waits.
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
      for (const [branch, { last }] of bursts) if (now - last >= lull || now < last) bursts.delete(branch);
      const branch = `${repository} ${ref}`;
      const burst = bursts.get(branch);
      bursts.set(branch, { began: burst?.began ?? now, last: now });
      return burst === undefined ? now : Math.max(now, Math.min(now + lull, burst.began + patience));
    },
  };
}
