import { SlipwayError } from '../errors.js';
import type { Page, PageRequest } from './contract.js';

/**
 * Pages are cut by the row's sequence number, not by an offset: rows that arrive meanwhile neither repeat nor hide one. The cursor is
 * that number, wrapped so that nobody computes with it.
 */
export function encodeCursor(sequence: number): string {
  return Buffer.from(String(sequence)).toString('base64url');
}

/** The sequence number that the page must stay below; null for the first page. `invalid-request` where the cursor is none of ours. */
export function decodeCursor(cursor: string | null): number | null {
  if (cursor === null) return null;
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const sequence = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(sequence) && encodeCursor(sequence) === cursor) return sequence;
  throw new SlipwayError('invalid-request', 'The cursor is not one that an earlier page gave.');
}

/** A page from rows of which one more was read than the page may hold: the surplus one only says that there is a next page. */
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
