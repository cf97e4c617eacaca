import type { Warning } from './warning.js';

export type DeliveryStatus = 'accepted' | 'planned' | 'ignored' | 'failed';

export interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly repository: string | null;
  /** Branch name, or `refs/tags/NAME`. */
  readonly branch: string | null;
  readonly before: string | null;
  readonly after: string | null;
  readonly receivedAt: number;
  readonly status: DeliveryStatus;
  readonly reason: string | null;
  /** Seen when it was decided on; undefined: none. */
  readonly warnings?: readonly Warning[];
  /** Id of the delivery whose look and decisions it shares; undefined: it has its own. */
  readonly joined?: string;
}

/** What probably became of the webhook that should have announced a change: it never came, was refused, or its delivery failed. */
export type WebhookFault = 'never-received' | 'refused' | 'failed';
