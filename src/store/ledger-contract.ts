import type { RecordedDecision } from '../model/decision.js';
import type { Delivery } from '../model/delivery.js';
import type { Page, PageRequest } from './query-contract.js';

/** What came of a delivery, or of a look that none led to. */
export const ledgerResults = ['built', 'nothing', 'waiting', 'ignored', 'failed'] as const;
export type LedgerResult = (typeof ledgerResults)[number];

export interface LedgerQuery extends PageRequest {
  /** Of deliveries, in any case. */
  readonly repository?: string;
  /** Of decisions that no delivery led to. Undefined: every service. */
  readonly services?: readonly string[];
  /** An `after` or a head, in full or its beginning. */
  readonly commit?: string;
  readonly result?: LedgerResult;
}

/** A delivery with how many builds, waits and skips followed, or a decision that no delivery led to. Exactly one of the two is there. */
export interface LedgerEntry {
  readonly at: number;
  /** Who pushed or asked. */
  readonly by: string | null;
  readonly builds: number;
  /** Of the others, those that wait for an artifact. */
  readonly waits: number;
  readonly skips: number;
  readonly delivery: Delivery | null;
  readonly decision: RecordedDecision | null;
}

/** Deliveries, and the decisions of the sweep, of changed base images and of people, in one list. */
export interface Ledger {
  page(query: LedgerQuery): Promise<Page<LedgerEntry>>;
}
