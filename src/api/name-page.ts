import { SlipwayError } from '../errors.js';
import type { Page, PageRequest } from '../store/contract.js';

/**
 * A page of names in alphabetical order. The cursor holds the last name shown, so that a changed configuration skips nothing. Fails with
 * `invalid-request` for an unknown cursor.
 */
export function namePage(names: readonly string[], { limit, cursor }: PageRequest): Page<string> {
  const after = cursor === null ? '' : nameIn(cursor);
  const left = names.filter((name) => name > after).sort((a, b) => (a < b ? -1 : 1));
  const items = left.slice(0, limit);
  const last = left.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last === undefined ? null : cursorOf(last) };
}

const cursorOf = (name: string): string => Buffer.from(name).toString('base64url');

function nameIn(cursor: string): string {
  const name = Buffer.from(cursor, 'base64url').toString('utf8');
  if (cursorOf(name) === cursor && /^[a-z0-9][a-z0-9._-]*$/.test(name)) return name;
  throw new SlipwayError('invalid-request', 'The cursor does not come from an earlier page.');
}
