import { SlipwayError } from '../../errors.js';
import { inTurns } from '../../in-turns.js';
import { isObjectId } from '../objects/object-id.js';
import { MAX_QUESTIONS } from '../objects/objects.js';
import { takeLines } from '../output/rows.js';
import type { MirrorRepository } from '../mirror/mirror-repository.js';

/**
 * Sizes of contents in bytes, by blob id, from one process. Missing ones are fetched first, in one request. Fails with `commit-not-found`
 * if the host no longer has a blob; `git-unavailable`, `git-unauthorized`.
 */
export async function sizesOf(mirrorRepository: MirrorRepository, ids: Iterable<string>): Promise<readonly number[]> {
  let count = 0;
  await inTurns(ids, (id) => {
    requireId(id);
    count += 1;
  });
  const { generation } = mirrorRepository.rebuilds;
  let sizes = await ask(mirrorRepository, ids);
  const missing = await withoutSize(ids, count, sizes);
  if (missing.length > 0) {
    await mirrorRepository.fetchMissing(missing);
    sizes = await ask(mirrorRepository, ids);
    const [lost] = await withoutSize(ids, count, sizes);
    if (lost !== undefined) throw mirrorRepository.rebuilds.contentNotFound(generation, lost);
  }
  return sizes;
}

/** Fails with `commit-not-found` for text that is not an id. */
export function requireId(id: string): void {
  if (!isObjectId(id)) throw new SlipwayError('commit-not-found', `${JSON.stringify(id)} is not a blob id`);
}

/** Stands for the size of a missing blob. */
const MISSING = -1;

async function withoutSize(ids: Iterable<string>, count: number, sizes: readonly number[]): Promise<readonly string[]> {
  if (sizes.length >= count && !sizes.includes(MISSING)) return [];
  const lost: string[] = [];
  let at = 0;
  await inTurns(ids, (id) => {
    if ((sizes[at] ?? MISSING) === MISSING) lost.push(id);
    at += 1;
  });
  return lost;
}

async function ask(mirrorRepository: MirrorRepository, ids: Iterable<string>): Promise<readonly number[]> {
  const headers = await (await mirrorRepository.objects()).headers(fewOf(ids));
  if (headers !== null) return headers.map((header) => header?.size ?? MISSING);
  let sizes: number[] = [];
  const begin = () => {
    sizes = [];
    return takeLines((line) => void sizes.push(/^\d+$/.test(line) ? Number(line) : MISSING));
  };
  await mirrorRepository.read(['cat-file', '--batch-check=%(objectsize)', '--buffer'], { input: ids, begin });
  return sizes;
}

/** All ids, or one more than can be asked for at once. */
function fewOf(ids: Iterable<string>): readonly string[] {
  const few: string[] = [];
  for (const id of ids) if (few.push(id) > MAX_QUESTIONS) break;
  return few;
}
