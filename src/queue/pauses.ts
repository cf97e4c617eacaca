/** Milliseconds to wait before attempt `attempt` + 1. The pause doubles from `firstMs` up to `maxMs`. Attempts count from 0. */
export function pauseAfter(
  attempt: number,
  { firstMs, maxMs }: { readonly firstMs: number; readonly maxMs: number },
): number {
  return Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 30));
}

/** Looks are retried forever: the git host may be away for long. */
export const lookPauses = { firstMs: 1_000, maxMs: 120_000 } as const;

/** For failed writes: the disk may be full for a while. */
export const recordPauses = { firstMs: 1_000, maxMs: 30_000 } as const;

/** Builds are retried for about twenty minutes before a failure counts as permanent. */
export const buildPauses = { firstMs: 1_000, maxMs: 120_000 } as const;
export const MAX_BUILD_ATTEMPTS = 16;

/** A pushed commit that the git host does not show yet is looked for again for about five minutes. */
export const unseenCommitPauses = { firstMs: 2_000, maxMs: 60_000 } as const;
export const MAX_UNSEEN_COMMIT_ATTEMPTS = 9;
