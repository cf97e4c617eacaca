/** Milliseconds to wait before attempt `attempt` + 1. The pause doubles from `first` up to `most`. Attempts count from 0. */
export function pauseAfter(
  attempt: number,
  { first, most }: { readonly first: number; readonly most: number },
): number {
  return Math.min(most, first * 2 ** Math.min(attempt, 30));
}

/** Looks are retried forever: the git host may be away for long. */
export const lookPauses = { first: 1_000, most: 120_000 } as const;

/** For failed writes: the disk may be full for a while. */
export const recordPauses = { first: 1_000, most: 30_000 } as const;

/** Builds are retried for about twenty minutes before a failure counts as permanent. */
export const buildPauses = { first: 1_000, most: 120_000 } as const;
export const MAX_BUILD_ATTEMPTS = 16;

/** A pushed commit that the git host does not show yet is looked for again for about five minutes. */
export const unseenCommitPauses = { first: 2_000, most: 60_000 } as const;
export const MAX_UNSEEN_COMMIT_ATTEMPTS = 9;
