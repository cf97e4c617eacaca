import type { Budget } from './budget.js';

/** What GitHub was sent last about a subject. */
export interface Sent {
  readonly state: string;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** While more is to come, only numbers change: once a minute is enough. */
const PROGRESS_MS = 60_000;

/** When something may be sent. `goesOn`: more is to come. Another state than the last one need not wait for it. Null: now. */
export function waitUntil(
  { state, goesOn }: { readonly state: string; readonly goesOn: boolean },
  last: Sent | undefined,
  budget: Budget,
  now: number,
): number | null {
  const isProgress = goesOn && last?.state === state;
  const until = (last?.at ?? 0) + PROGRESS_MS;
  if (isProgress && until > now) return until;
  return budget.take(isProgress || state === 'pending' || state === 'in_progress' ? 'pending' : 'end');
}
