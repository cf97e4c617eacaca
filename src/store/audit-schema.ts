import type { GeneratedAlways } from 'kysely';

export interface AuditTable {
  seq: GeneratedAlways<number>;
  at: number;
  by: string;
  address: string;
  scope: string;
  method: string;
  route: string;
  /** JSON object. */
  parameters: string;
  status: number;
}
