import { sql, type RawBuilder, type SqlBool } from 'kysely';
import { SlipwayError } from '../errors.js';
import type { Page, PageRequest } from './contract.js';

/**
 * Pages are cut by the row's sequence number, so new rows neither repeat nor hide one. The cursor is that number, wrapped to keep it
 * opaque.
 */
export function encodeCursor(sequence: number): string {
  return Buffer.from(String(sequence)).toString('base64url');
}

/** The sequence number that the page must stay below. Null for the first page. Fails with `invalid-request` for an unknown cursor. */
export function decodeCursor(cursor: string | null): number | null {
  if (cursor === null) return null;
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const sequence = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(sequence) && encodeCursor(sequence) === cursor) return sequence;
  throw new SlipwayError('invalid-request', 'The cursor does not come from an earlier page.');
}

/** Makes a page from rows. One more row was read than fits, to know whether there is a next page. */
export function pageOf<Row extends { readonly seq: number }, T>(
  rows: readonly Row[],
  { limit }: PageRequest,
  toModel: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toModel),
    nextCursor: rows.length > limit && last ? encodeCursor(last.seq) : null,
  };
}

/** Lengths of complete ids: SHA-1 and SHA-256. */
const fullLengths: readonly number[] = [40, 64];

/** True for ids that are `commit` or begin with it. `commit` is hexadecimal. An index over the column serves it: no digit sorts behind `f`. */
export function ofCommit(column: RawBuilder<unknown>, commit: string): RawBuilder<SqlBool> {
  const id = commit.toLowerCase();
  return fullLengths.includes(id.length) ? sql`${column} = ${id}` : sql`${column} >= ${id} and ${column} < ${`${id}g`}`;
}
