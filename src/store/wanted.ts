import { sql, type RawBuilder } from 'kysely';

/** A `with` clause that has pairs of texts as `wanted`. */
export type Wanted = RawBuilder<unknown>;

/**
 * The clause for these pairs, whose columns have those names. Their number is brought to a power of two by pairs that equal nothing, so that
 * there are few statements to prepare.
 */
export function wantedOf(
  [first, second]: readonly [string, string],
  wanted: readonly (readonly [string, string])[],
): Wanted {
  const pairs = wanted.map(([one, other]) => sql`(${one}, ${other})`);
  while ((pairs.length & (pairs.length - 1)) !== 0) pairs.push(sql`(${null}, ${null})`);
  return sql`with wanted(${sql.ref(first)}, ${sql.ref(second)}) as (values ${sql.join(pairs)})`;
}
