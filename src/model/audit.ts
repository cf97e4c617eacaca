import type { Scope } from '../access.js';

/** A call that may have changed something. Neither its body nor its query is kept: they may hold secrets. */
export interface AuditEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Name of the token. */
  readonly by: string;
  /** The address that the call came from, as the connection has it. */
  readonly address: string;
  /** The scope that the call needs. */
  readonly scope: Exclude<Scope, 'read'>;
  readonly method: string;
  /** As the routes are written: `/api/v1/builds/:id/cancel`. */
  readonly route: string;
  /** Values of the names in the route. */
  readonly parameters: Readonly<Record<string, string>>;
  /** HTTP status of the answer. */
  readonly status: number;
}
