import type { Trigger } from './trigger.js';

/** A durable hint that services of a repository may be out of date. Says nothing about what to build. */
export interface Look {
  readonly id: number;
  readonly trigger: Trigger;
  readonly repository: string;
  /** Full ref name (`refs/heads/main`, `refs/tags/v1`). Null: all known branches of the services. */
  readonly ref: string | null;
  /** Names of services. Null: all services of the repository. */
  readonly services: readonly string[] | null;
  readonly before: string | null;
  readonly after: string | null;
  readonly attempt: number;
  /** Milliseconds since the epoch. */
  readonly dueAt: number;
  /** How many processes died while they worked on it. */
  readonly deaths: number;
  /** The trace and the span that led to it (W3C `traceparent`). Undefined: none is known. */
  readonly traceparent?: string;
  /** The span that led to it in another trace. Undefined: none did. */
  readonly traceLink?: string;
}

export type NewLook = Omit<Look, 'id' | 'attempt' | 'deaths'> & { readonly attempt?: number };
