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
  /** Found when it was decided. Undefined: none. */
  readonly warnings?: readonly Warning[];
  /** Id of the delivery whose look and decisions it shares. Undefined: its own. */
  readonly joined?: string;
  /** The trace and the span that led to it (W3C `traceparent`). Undefined: none is known. */
  readonly traceparent?: string;
}

/** What probably happened to the webhook for a change. */
export type WebhookFault = 'never-received' | 'refused' | 'failed' | 'renamed';
