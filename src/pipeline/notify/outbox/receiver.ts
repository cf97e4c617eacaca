import type { Build } from '../../../model/build.js';
import type { RecordedDecision } from '../../../model/decision.js';
import type { Delivery } from '../../../model/delivery.js';
import type { Deployment } from '../../../model/deployment.js';
import type { PullRequestPlan } from '../../../model/pull-request.js';
import type { NewNotice, StoredNotice } from '../../../store/contract.js';

/** Something that somebody may be notified of. Builds and deployments are as they are now. */
export type Change =
  /** A build was queued, has begun or has ended. */
  | { readonly kind: 'build'; readonly build: Build }
  /** What was decided about a push, or that nothing could be. */
  | { readonly kind: 'delivery'; readonly delivery: Delivery; readonly decisions: readonly RecordedDecision[] }
  /** A deployment waits, runs or has ended. */
  | { readonly kind: 'deployment'; readonly deployment: Deployment }
  | { readonly kind: 'pull-request'; readonly plan: PullRequestPlan }
  /** What runs on hosts is not what should, or is again. */
  | { readonly kind: 'drift'; readonly drift: Drift };

/** A service that has drifted in an environment, or has not any more. */
export interface Drift {
  readonly environment: string;
  readonly service: string;
  /** Names of the hosts. Empty: the drift has ended. */
  readonly hosts: readonly string[];
}

/** The label `kind` of `slipway_notices_total`. */
export type ReceiverKind = 'github' | 'callback' | 'webhook' | 'slack' | 'mail';

/** Turns changes into notices, and delivers those. */
export interface Receiver {
  readonly kind: ReceiverKind;
  /** Whether it delivers what is stored under the name. Names outlive restarts. */
  owns(receiver: string): boolean;
  /** The notices that a change leads to, to be stored. Fails as the store does. */
  noticesOf(change: Change): Promise<readonly NewNotice[]>;
  /**
   * Delivers all that is due of a subject. Fails with `notice-failed` (worth repeating), `notice-refused` or `callback-not-allowed`.
   * `until`: not before that time, for a reason of the receiver's own.
   */
  deliver(subject: string, notices: readonly StoredNotice[]): Promise<'delivered' | { readonly until: number }>;
}
