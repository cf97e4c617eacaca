import type { Page, PageRequest } from '../store/contract.js';

/** A page of names in alphabetical order. The cursor holds the last name shown, so that a changed configuration skips nothing. */
export function namePage(names: readonly string[], { limit, cursor }: PageRequest): Page<string> {
  const after = cursor === null ? '' : Buffer.from(cursor, 'base64url').toString('utf8');
  const left = names.filter((name) => name > after).sort((a, b) => (a < b ? -1 : 1));
  const items = left.slice(0, limit);
  const last = left.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last === undefined ? null : Buffer.from(last).toString('base64url') };
}
