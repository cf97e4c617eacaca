import type { Readable } from 'node:stream';
import type { Delivery } from '../../model/delivery.js';
import type { NewLook } from '../../model/look.js';

export interface ReceivedFile {
  /** The name that the caller gave. */
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
  /** Relative to the data directory. */
  readonly file: string;
}

/** Writes an uploaded artifact under the data directory. `artifact-too-large`, `unsafe-path`; nothing is left behind on failure. */
export interface ArtifactFiles {
  receive(name: string, content: Readable): Promise<ReceivedFile>;
  /** A record names the file from now on: `discard` of what was received leaves it. */
  keep(file: ReceivedFile): void;
  discard(file: ReceivedFile): Promise<void>;
}

/** A delivery that the webhook accepted, with the look that it causes (null: nothing to look at). */
export interface AcceptedPush {
  readonly delivery: Delivery;
  readonly look: NewLook | null;
}

/** Verifies and reads webhook requests; made by pipeline/accept. */
export interface WebhookReader {
  /**
   * What a request on the webhook address means. `invalid-signature`, `invalid-payload`. `rawBody` is the exact bytes received.
   */
  read(request: WebhookRequest): Promise<WebhookMeaning>;
}

export interface WebhookRequest {
  readonly deliveryId: string | null;
  readonly event: string | null;
  readonly signature: string | null;
  readonly contentType: string | null;
  readonly rawBody: Buffer;
  readonly receivedAt: number;
}

export type WebhookMeaning =
  | { readonly kind: 'push'; readonly accepted: AcceptedPush }
  | { readonly kind: 'ping' }
  /** `accepted`: kept in the ledger all the same (a deleted branch or tag). */
  | { readonly kind: 'ignored'; readonly reason: string; readonly accepted?: AcceptedPush };
