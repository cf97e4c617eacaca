import type { Scope } from '../../access.js';
import type { WaitingFor } from '../../model/waiting-for.js';
import type { Disk } from '../../server/readiness.js';

/** The state of Slipway itself: what it depends on, what it hears, and what it has to do. */
export interface System {
  /** Fails as the store does. */
  answer(): Promise<SystemAnswer>;
  /** Every token, in the order of the configuration. Never their texts. */
  tokens(): Promise<readonly TokenUse[]>;
  /** Notes that a call came with a token. Never fails. */
  used(name: string): void;
}

export interface SystemAnswer {
  readonly versions: Versions;
  /** When the server started. */
  readonly startedAt: number;
  readonly checks: readonly SystemCheck[];
  readonly queue: QueueState;
  /** Each cause once, the first to be tried again first. */
  readonly waits: readonly WaitCause[];
  /** Null: the file system does not say. */
  readonly disk: Disk | null;
  readonly webhooks: WebhookState;
}

export interface Versions {
  readonly slipway: string;
  readonly node: string;
  /** Null: the engine does not say. */
  readonly engine: string | null;
  /** Name of the newest migration of the database. */
  readonly database: string;
}

/** `note`: all is well, and something is worth knowing. */
export interface SystemCheck {
  readonly name: string;
  readonly state: 'ok' | 'note' | 'fault';
  /** Null: there is nothing to say. */
  readonly message: string | null;
  /** What to do about it. Null: nothing. */
  readonly remedy: string | null;
}

export interface QueueState {
  readonly running: number;
  readonly queued: number;
  /** As many builds may run at a time. */
  readonly concurrency: number;
  /** When the first pause of a queued build ends. Null: none pauses. */
  readonly pausedUntil: number | null;
}

/** What looks, builds and notices wait for. `message` and `until` are those of the first. */
export interface WaitCause extends WaitingFor {
  readonly count: number;
}

export interface WebhookState {
  /** Every repository of the configuration, by name, with the newest delivery of its webhook. Null: none is known. */
  readonly repositories: readonly { readonly repository: string; readonly lastHeardAt: number | null }[];
  /** When requests were last refused, by error code, newest first. Nothing in them can be trusted, not even the repository. */
  readonly refused: readonly { readonly code: string; readonly at: number }[];
}

export interface TokenUse {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly environments: readonly string[] | null;
  /** Of any call since the server started. Null: none since then. */
  readonly lastUsedAt: number | null;
  /** Of the last call that may change something, as the audit list has it. */
  readonly lastActedAt: number | null;
}
