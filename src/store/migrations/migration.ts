import type { ColumnBuilderCallback, ColumnDataType, Kysely } from 'kysely';

/** The column types that SQL dialects name differently. Everything else is `text`, `integer` or `bigint`. */
export interface ColumnTypes {
  /** A number that grows with every row and is never given out twice; the primary key. */
  readonly sequence: { readonly type: ColumnDataType; readonly build: ColumnBuilderCallback };
}

/** One change of the schema. Its name is stored when it has run, so it never changes afterwards, and neither does what it does. */
export interface Migration {
  readonly name: string;
  /** Runs inside a transaction. `Kysely<unknown>`: a migration knows the tables of its own time, not today's. */
  up(db: Kysely<unknown>, types: ColumnTypes): Promise<void>;
}
