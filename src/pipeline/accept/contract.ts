import type { Readable } from 'node:stream';
import type { Delivery } from '../../model/delivery.js';
import type { NewLook } from '../../model/look.js';

export interface ReceivedFile {
  /** The name that the caller gave. */
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
  readonly file: string;
}

/** Writes an uploaded artifact below the data directory. Fails with `artifact-too-large` or `unsafe-path` and leaves nothing behind. */
export interface ArtifactFiles {
  receive(name: string, content: Readable): Promise<ReceivedFile>;
  /** A record now names the file, so `discard` no longer deletes it. */
  keep(file: ReceivedFile): void;
  discard(file: ReceivedFile): Promise<void>;
}

/** A push or a pull request that the webhook accepted, with the look that follows (null: there is nothing to look at). */
export interface AcceptedLook {
  readonly delivery: Delivery;
  readonly look: NewLook | null;
}

/** Verifies and reads webhook requests. */
export interface WebhookReader {
  /** Fails with `invalid-signature` or `invalid-payload`. `rawBody` is the exact bytes received. */
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
  | { readonly kind: 'push' | 'pull-request'; readonly accepted: AcceptedLook }
  | { readonly kind: 'ping' }
  /** `accepted`: recorded in the ledger all the same (a deleted branch or tag). */
  | { readonly kind: 'ignored'; readonly reason: string; readonly accepted?: AcceptedLook };
