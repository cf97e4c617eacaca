import type { ColumnBuilderCallback, ColumnDataType, Kysely } from 'kysely';

/** The column types whose names differ between SQL dialects. All others are `text`, `integer` or `bigint`. */
export interface ColumnTypes {
  /** An increasing number that is never reused; the primary key. */
  readonly sequence: { readonly type: ColumnDataType; readonly build: ColumnBuilderCallback };
}

/** One change of the schema. Its name is stored once it has run, so neither the name nor its effect may change. */
export interface Migration {
  readonly name: string;
  /** Runs inside a transaction. `Kysely<unknown>`: a migration knows the tables of its own time, not today's. */
  up(db: Kysely<unknown>, types: ColumnTypes): Promise<void>;
}
