import type { Readable } from 'node:stream';
import type { Clock } from '../clock.js';
import type { AccessToken } from '../config/config.js';
import type { Events } from '../events.js';
import type { Log } from '../log.js';
import type { BaseEdge, Build, Decision, Delivery, NewLook, Service, Warning } from '../model.js';
import type { Store } from '../store/contract.js';
import type { HttpLimits } from './limits.js';

export interface RebuildRequest {
  readonly service: string;
  readonly branch: string | null;
  readonly commit: string | null;
  readonly noCache: boolean;
  readonly by: string;
}

/** Jenkins' call. `artifact` is an upload that has already been written completely under the data directory. */
export interface BuildCall {
  readonly service: string;
  readonly branch: string | null;
  readonly commit: string | null;
  readonly version: string | null;
  readonly callbackUrl: string | null;
  readonly artifact: ReceivedFile | null;
  readonly idempotencyKey: string | null;
  readonly by: string;
}

export interface ReceivedFile {
  /** The name that the caller gave. */
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
  /** Relative to the data directory. */
  readonly file: string;
}

export interface PlanCall {
  readonly repository: string;
  readonly branch: string;
  readonly base: string | null;
  readonly head: string | null;
}

export interface Plan {
  readonly decisions: readonly Decision[];
  readonly warnings: readonly Warning[];
}

/** The services as they stand on each other's images at the heads of their branches. */
export interface ServiceGraph {
  /** Bases before what stands on them. */
  readonly services: readonly Pick<Service, 'name' | 'repository' | 'image' | 'cascade'>[];
  readonly edges: readonly BaseEdge[];
  /** Each in full, e.g. `['a (main)', 'b (main)', 'a (main)']`. The cascade does not follow them. */
  readonly cycles: readonly (readonly string[])[];
  /** What could not be read, and why. */
  readonly faults: readonly { readonly service: string; readonly branch: string | null; readonly message: string }[];
}

/** What the pipeline does on somebody's behalf. Errors by code, as in CONTRACT of each route. */
export interface Operations {
  /** `unknown-service`, `branch-required`, `unknown-revision`. */
  rebuild(request: RebuildRequest): Promise<Build>;
  /** `unknown-service`, `branch-required`, `unknown-revision`, `artifact-unexpected`, `callback-not-allowed`, `idempotency-conflict`. */
  call(
    call: BuildCall,
  ): Promise<{ readonly build: Build } | { readonly decision: Decision & { readonly buildId: string | null } }>;
  /** `unknown-repository`, `unknown-revision`. */
  plan(call: PlanCall): Promise<Plan>;
  graph(): Promise<ServiceGraph>;
  /** `unknown-build`, `build-finished`. */
  cancel(id: string, by: string): Promise<Build>;
  /** `unknown-build`, `build-unfinished`. */
  retry(id: string, by: string): Promise<Build>;
  /** `unknown-delivery`. */
  replay(id: string, by: string): Promise<void>;
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

/** One dependency as /readyz names it: `ok`, or what is wrong in a sentence. `setAside` is always ok, and names what was set aside. */
export interface Readiness {
  check(): Promise<
    Readonly<
      Record<
        'engine' | 'registry' | 'store' | 'git' | 'disk' | 'setAside',
        { readonly ok: boolean; readonly message: string }
      >
    >
  >;
}

/** The service's branches' heads as the newest decisions know them are in the store; live heads need the git host. */
export interface Heads {
  /** Branch → tip, for the branches named; a branch that the host lacks is left out. Never fails: falls back on the newest decision. */
  of(service: Service, branches: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export interface ApiDeps {
  readonly services: () => ReadonlyMap<string, Service>;
  readonly tokens: () => readonly AccessToken[];
  readonly anonymousRead: () => boolean;
  readonly metrics: () => 'open' | 'token';
  readonly artifactLimit: () => number;
  readonly store: Store;
  readonly events: Events;
  readonly operations: Operations;
  readonly webhooks: WebhookReader;
  readonly artifacts: ArtifactFiles;
  readonly readiness: Readiness;
  readonly heads: Heads;
  /** The one commit of the service's repository, as far as it was fetched, whose id begins like that; null where none or several do. */
  readonly findCommit: (service: Service, abbreviated: string) => Promise<string | null>;
  /** Prometheus text. */
  readonly renderMetrics: () => Promise<string>;
  /** Told how each webhook request was answered: `accepted`, `duplicate`, `pong`, `ignored` or an error code. */
  readonly onWebhook?: (status: string) => void;
  /** Told that a webhook request has come; gives what is called when it is answered. */
  readonly enterWebhook?: () => () => void;
  readonly clock: Clock;
  /** What differs from the defaults. */
  readonly limits?: Partial<HttpLimits>;
  readonly log: Log;
  /** Aborts when the server drains: open waits, follows and event streams end. */
  readonly stopping: AbortSignal;
}
