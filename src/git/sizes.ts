import { SlipwayError } from '../errors.js';
import { isObjectId } from './object-id.js';
import type { Workshop } from './workshop.js';

/**
 * Sizes of contents in bytes, by blob id, from one process; missing ones are fetched before, in one request. `commit-not-found` where the
 * host no longer has a blob; `git-unavailable`, `git-unauthorized`.
 */
export async function sizesOf(workshop: Workshop, ids: readonly string[]): Promise<readonly number[]> {
  const odd = ids.find((id) => !isObjectId(id));
  if (odd !== undefined) throw new SlipwayError('commit-not-found', `${JSON.stringify(odd)} is no blob id`);
  if (ids.length === 0) return [];
  const first = await ask(workshop, ids);
  const missing = ids.filter((_, at) => first[at] === null);
  if (missing.length === 0) return first.map((size) => size ?? 0);
  await workshop.fetchObjects([...new Set(missing)]);
  const again = await ask(workshop, missing);
  const fetched = new Map(missing.map((id, at) => [id, again[at] ?? null]));
  return ids.map((id, at) => {
    const size = first[at] ?? fetched.get(id) ?? null;
    if (size === null) throw new SlipwayError('commit-not-found', `The host no longer has the file content ${id}`);
    return size;
  });
}

/** Null for each that the mirror does not have. */
async function ask(workshop: Workshop, ids: readonly string[]): Promise<readonly (number | null)[]> {
  const headers = await (await workshop.objects()).headers(ids);
  if (headers !== null) return headers.map((header) => header?.size ?? null);
  const { stdout } = await workshop.read(
    ['cat-file', '--batch-check=%(objectsize)', '--buffer'],
    `${ids.join('\n')}\n`,
  );
  const rows = stdout.toString('latin1').split('\n');
  return ids.map((_, at) => (/^\d+$/.test(rows[at] ?? '') ? Number(rows[at]) : null));
}
