import type { BuildStatus } from '../model/build.js';
import type { DeliveryStatus } from '../model/delivery.js';

/** One page of a list, newest first. `cursor` is the opaque `nextCursor` of the page before. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor: string | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** `repository` in any case; `commit` is an `after`, in full or its beginning. */
export interface DeliveryQuery extends PageRequest {
  readonly repository?: string;
  readonly commit?: string;
  readonly status?: DeliveryStatus;
}

/** `branch` may be `refs/tags/NAME`; `commit` is a head, in full or its beginning. */
export interface DecisionQuery extends PageRequest {
  readonly id?: number;
  readonly service?: string;
  readonly branch?: string;
  readonly commit?: string;
}

/** `repository` in any case; `commit` in full or its beginning. */
export interface BuildQuery extends PageRequest {
  readonly service?: string;
  readonly repository?: string;
  readonly branch?: string;
  readonly commit?: string;
  readonly status?: BuildStatus;
}

/** `by`: the running build of the service, or the base (`service on branch`) that is not finished. */
export interface Hindrance {
  readonly code: 'service-busy' | 'base-building';
  readonly by: string;
}

/** `by`: the name of a token. `since`: entries of that time or later. */
export interface AuditQuery extends PageRequest {
  readonly by?: string;
  readonly since?: number;
}
