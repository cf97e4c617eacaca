import type { StateName } from './state.js';

/** What every form of a decision has. */
export interface Decided {
  /** Absent: it is only planned. */
  readonly id?: number;
  readonly service: string;
  readonly branch: string;
  readonly decision: 'build' | 'skip';
  readonly reason: { readonly code: string; readonly message: string };
  readonly head: string | null;
  readonly buildId: string | null;
}

/** The state of a decision: what a build is, or why there is none. */
export function stateOfDecision({ decision, reason }: Pick<Decided, 'decision' | 'reason'>): StateName {
  if (decision === 'build') return 'built';
  return reason.code === 'waiting-for-artifact' ? 'waits-for-artifact' : 'skipped';
}

/** The address of the page that explains a decision. Null: it is about no commit. */
export function whyOf({
  service,
  head,
  branch,
  id,
}: Pick<Decided, 'service' | 'head' | 'branch' | 'id'>): string | null {
  return head === null ? null : whyAddress(service, head, branch, id);
}

/**
 * The address of the page that explains a commit. A commit may be decided on for several branches, and more than once. `decision`: the id of
 * one of them; without it the page has the newest.
 */
export function whyAddress(service: string, commit: string, branch: string | null, decision?: number): string {
  const query = new URLSearchParams({
    ...(branch !== null && { branch }),
    ...(decision !== undefined && { decision: String(decision) }),
  });
  return `/services/${encodeURIComponent(service)}/why/${commit}${query.size === 0 ? '' : `?${query}`}`;
}
