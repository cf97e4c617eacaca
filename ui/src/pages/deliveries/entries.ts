import type { LedgerEntry, LedgerDelivery } from '../../api/types.js';
import { counted, refName, shortCommit } from '../../parts/short.js';
import type { StateName } from '../../parts/state.js';
import type { WholeDelivery } from './use-delivery.js';

/** A row of the ledger: a delivery, or decisions that were made together without one. */
export type LedgerRow =
  | { readonly kind: 'delivery'; readonly key: string; readonly at: string; readonly entry: LedgerEntry }
  | { readonly kind: 'look'; readonly key: string; readonly at: string; readonly entries: readonly LedgerEntry[] };

/** Decisions that were made at once, for the same cause, are one row. A group that a page has cut is whole again once both are there. */
export function rowsOf(entries: readonly LedgerEntry[]): readonly LedgerRow[] {
  const rows: LedgerRow[] = [];
  let open = { key: '', entries: [] as LedgerEntry[] };
  for (const entry of entries) {
    if (entry.delivery !== null) {
      rows.push({ kind: 'delivery', key: entry.delivery.id, at: entry.at, entry });
      open = { key: '', entries: [] };
      continue;
    }
    const key = `${entry.at} ${entry.decision?.trigger.kind} ${entry.by ?? ''}`;
    if (open.key === key) open.entries.push(entry);
    else {
      open = { key, entries: [entry] };
      rows.push({ kind: 'look', at: entry.at, ...open });
    }
  }
  return rows;
}

/** Rows by day, in the viewer's zone. */
export function daysOf(
  rows: readonly LedgerRow[],
  dayOf: (at: string) => string,
): readonly (readonly [string, LedgerRow[]])[] {
  const days: [string, LedgerRow[]][] = [];
  for (const row of rows) {
    const day = dayOf(row.at);
    const last = days.at(-1);
    if (last?.[0] === day) last[1].push(row);
    else days.push([day, [row]]);
  }
  return days;
}

const isZero = (commit: string | null): boolean => commit !== null && /^0+$/.test(commit);

/** `main 7e56158..c1a2b3d`, `new tag v1 at c1a2b3d`, `branch old deleted`. */
export function rangeOf({ branch, before, after, event }: LedgerDelivery): string {
  if (branch === null) return event === 'look' ? 'every branch' : event;
  if (event === 'pull_request') return `for ${branch} at ${shortCommit(after)}`;
  const kind = branch.startsWith('refs/tags/') ? '' : 'branch ';
  if (isZero(after)) return `${kind}${refName(branch)} deleted`;
  if (after === null) return refName(branch);
  if (isZero(before)) return `new ${kind}${refName(branch)} at ${shortCommit(after)}`;
  return `${refName(branch)} ${before === null ? '' : `${shortCommit(before)}..`}${shortCommit(after)}`;
}

/** Why a delivery was ignored, where the code does not say it well. */
const ignoredWords: Readonly<Record<string, string>> = {
  'branch-deleted': 'a branch was deleted',
  'tag-deleted': 'a tag was deleted',
  'ref-not-used': 'neither a branch nor a tag',
  'event-not-used': 'an event that is not used',
  'repository-not-configured': 'no service uses the repository',
  'branch-not-configured': 'no service uses the branch',
};

export interface Result {
  readonly state: StateName;
  readonly words: string;
}

type Sums = Pick<LedgerEntry, 'builds' | 'waits' | 'skips'>;

/** How many were built, wait for an artifact, and had nothing to build. */
export function sumOf({ builds, waits, skips }: Sums): Result {
  if (builds + waits + skips === 0) return { state: 'skipped', words: 'no service is concerned' };
  const parts = [
    ...(builds > 0 ? [counted(builds, 'build')] : []),
    ...(waits > 0 ? [`${waits} ${waits === 1 ? 'waits' : 'wait'} for an artifact`] : []),
    ...(skips > 0 ? [builds + waits === 0 && skips === 1 ? 'nothing to build' : `${skips} nothing to build`] : []),
  ];
  return { state: builds > 0 ? 'built' : waits > 0 ? 'waits-for-artifact' : 'skipped', words: parts.join(', ') };
}

/** What several entries come to together. */
export function total(entries: readonly Sums[]): Sums {
  const sum = (of: keyof Sums) => entries.reduce((all, one) => all + one[of], 0);
  return { builds: sum('builds'), waits: sum('waits'), skips: sum('skips') };
}

/** A delivery with its decisions as the list has it. */
export function entryOf({ decisions, ...delivery }: WholeDelivery): LedgerEntry {
  const builds = decisions.filter(({ decision }) => decision === 'build').length;
  const waits = decisions.filter(({ reason }) => reason.code === 'waiting-for-artifact').length;
  const by = decisions.find(({ trigger }) => trigger.by !== null)?.trigger.by ?? null;
  const sums = { builds, waits, skips: decisions.length - builds - waits };
  return { at: delivery.receivedAt, by, ...sums, delivery, decision: null };
}

/** What came of a delivery, in a few words. */
export function resultOf(entry: LedgerEntry): Result {
  if (entry.delivery === null) return sumOf(entry);
  const { status, reason, waitingFor } = entry.delivery;
  switch (status) {
    case 'accepted':
      return {
        state: 'queued',
        words: waitingFor === undefined ? 'waits to be looked at' : `waits: ${waitingFor.message}`,
      };
    case 'ignored':
      return { state: 'ignored', words: `ignored: ${ignoredWords[reason ?? ''] ?? reason ?? 'no reason given'}` };
    case 'failed':
      return { state: 'failed', words: `failed: ${reason ?? 'no reason given'}` };
    case 'planned':
      // The plan of a pull request: nothing was decided.
      return reason === null ? sumOf(entry) : { state: 'skipped', words: reason };
  }
}

/** Of whom a group of decisions is: its service and branch, or how many. */
export function subjectOf(entries: readonly LedgerEntry[]): string {
  const [first] = entries;
  if (entries.length === 1 && first?.decision)
    return `${first.decision.service} ${refName(first.decision.branch)} ${shortCommit(first.decision.head)}`;
  return counted(new Set(entries.map(({ decision }) => decision?.service)).size, 'service');
}
