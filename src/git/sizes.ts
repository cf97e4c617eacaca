import { SlipwayError } from '../errors.js';
import { isObjectId } from './object-id.js';
import { takeLines } from './rows.js';
import type { Workshop } from './workshop.js';

/**
 * Sizes of contents in bytes, by blob id, from one process; missing ones are fetched before, in one request. `commit-not-found` where the
 * host no longer has a blob; `git-unavailable`, `git-unauthorized`.
 */
export async function sizesOf(workshop: Workshop, ids: readonly string[]): Promise<readonly number[]> {
  const odd = ids.find((id) => !isObjectId(id));
  if (odd !== undefined) throw new SlipwayError('commit-not-found', `${JSON.stringify(odd)} is no blob id`);
  if (ids.length === 0) return [];
  let sizes = await ask(workshop, ids);
  const missing = ids.filter((_, at) => sizes[at] === null);
  if (missing.length > 0) {
    await workshop.fetchObjects(missing);
    sizes = await ask(workshop, ids);
  }
  return sizes.map((size, at) => {
    if (size === null) throw new SlipwayError('commit-not-found', `The host no longer has the file content ${ids[at]}`);
    return size;
  });
}

/** Null for each that the mirror does not have. */
async function ask(workshop: Workshop, ids: readonly string[]): Promise<readonly (number | null)[]> {
  const headers = await (await workshop.objects()).headers(ids);
  if (headers !== null) return headers.map((header) => header?.size ?? null);
  let sizes: (number | null)[] = [];
  const begin = () => {
    sizes = [];
    return takeLines((line) => void sizes.push(/^\d+$/.test(line) ? Number(line) : null));
  };
  await workshop.read(['cat-file', '--batch-check=%(objectsize)', '--buffer'], { input: ids, begin });
  return ids.map((_, at) => sizes[at] ?? null);
}
