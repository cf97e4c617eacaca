import { SlipwayError } from '../errors.js';
import { isObjectId, type Workshop } from './workshop.js';

/**
 * Sizes of contents in bytes, by blob id, from one process; missing ones are fetched before, in one request. `commit-not-found` where the
 * host no longer has a blob; `git-unavailable`, `git-unauthorized`.
 */
export async function sizesOf(workshop: Workshop, ids: readonly string[]): Promise<readonly number[]> {
  const odd = ids.find((id) => !isObjectId(id));
  if (odd !== undefined) throw new SlipwayError('commit-not-found', `${JSON.stringify(odd)} is no blob id`);
  if (ids.length === 0) return [];
  await workshop.fetchObjects([...new Set(ids)]);
  const { stdout } = await workshop.read(
    ['cat-file', '--batch-check=%(objectsize)', '--buffer'],
    `${ids.join('\n')}\n`,
  );
  const rows = stdout.toString('latin1').split('\n');
  return ids.map((id, index) => {
    const row = rows[index] ?? '';
    if (!/^\d+$/.test(row)) throw new SlipwayError('commit-not-found', `The host no longer has the file content ${id}`);
    return Number(row);
  });
}
