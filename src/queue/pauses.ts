/**
 * How long to wait before attempt number `attempt` + 1: doubling from `first`, capped at `most` (all in milliseconds). Attempts count
 * from 0.
 */
export function pauseAfter(
  attempt: number,
  { first, most }: { readonly first: number; readonly most: number },
): number {
  return Math.min(most, first * 2 ** Math.min(attempt, 30));
}

/** Looks are never given up: the git host may be away for long. */
export const lookPauses = { first: 1_000, most: 120_000 } as const;

/** What could not be written: the disk may be full for a while. */
export const recordPauses = { first: 1_000, most: 30_000 } as const;

/** Builds: about twenty minutes in all before a failure that looked passing is taken as real. */
export const buildPauses = { first: 1_000, most: 120_000 } as const;
export const buildAttempts = 16;

/** A pushed commit that the git host does not show yet: looked at again for about five minutes. */
export const unseenCommitPauses = { first: 2_000, most: 60_000 } as const;
export const unseenCommitAttempts = 9;
