/** Milliseconds to wait before attempt `attempt` + 1. The pause doubles from `firstMs` up to `maxMs`. Attempts count from 0. */
export function pauseAfter(
  attempt: number,
  { firstMs, maxMs }: { readonly firstMs: number; readonly maxMs: number },
): number {
  return Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 30));
}

/** The store takes a longer pause for the work of a clock that was set back, and ends it. */
const MAX_PAUSE_MS = 600_000;

/**
 * The pause in milliseconds, or a longer one up to the time that a neighbour named (`retryAt` of the error). At most ten minutes: before a
 * later time the next attempt ends at once, because nothing is sent to that host.
 */
export const pauseUntil = (retryAt: number | null, now: number, pause: number): number =>
  Math.min(Math.max(pause, (retryAt ?? 0) - now), MAX_PAUSE_MS);

/** True if the neighbour named a time beyond the next pause. What is tried before only finds that out again, so it is no attempt of its own. */
export const waitsBeyond = (retryAt: number | null, now: number): boolean => (retryAt ?? 0) - now > MAX_PAUSE_MS;

/** Looks are retried forever: the git host may be away for long. */
export const lookPauses = { firstMs: 1_000, maxMs: 120_000 } as const;

/** For failed writes: the disk may be full for a while. */
export const recordPauses = { firstMs: 1_000, maxMs: 30_000 } as const;

/** Builds are retried for about twenty minutes before a failure counts as permanent. */
export const buildPauses = { firstMs: 1_000, maxMs: 120_000 } as const;
export const MAX_BUILD_ATTEMPTS = 16;

/** A build that nobody waits for is retried for about six hours while a neighbour is away: after the others, every five minutes. */
export const LATE_BUILD_PAUSE_MS = 300_000;
export const MAX_UNATTENDED_ATTEMPTS = 84;

/** A pushed commit that the git host does not show yet is looked for again for about five minutes. */
export const unseenCommitPauses = { firstMs: 2_000, maxMs: 60_000 } as const;
export const MAX_UNSEEN_COMMIT_ATTEMPTS = 9;
