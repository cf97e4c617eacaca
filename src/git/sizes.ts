import { SlipwayError } from '../errors.js';
import { isObjectId } from './object-id.js';
import { mostAtOnce } from './objects/objects.js';
import { takeLines } from './rows.js';
import type { Workshop } from './workshop.js';

/**
 * Sizes of contents in bytes, by blob id, from one process; missing ones are fetched before, in one request. `commit-not-found` where the
 * host no longer has a blob; `git-unavailable`, `git-unauthorized`.
 */
export async function sizesOf(workshop: Workshop, ids: Iterable<string>): Promise<readonly number[]> {
  for (const id of ids) {
    if (!isObjectId(id)) throw new SlipwayError('commit-not-found', `${JSON.stringify(id)} is no blob id`);
  }
  const { generation } = workshop;
  let sizes = await ask(workshop, ids);
  const missing = [...withoutSize(ids, sizes)];
  if (missing.length > 0) {
    await workshop.fetchMissing(missing);
    sizes = await ask(workshop, ids);
  }
  for (const id of withoutSize(ids, sizes)) throw workshop.contentNotFound(generation, id);
  return sizes;
}

/** In the place of the size of one that the mirror does not have. */
const none = -1;

function* withoutSize(ids: Iterable<string>, sizes: readonly number[]): Generator<string> {
  let at = 0;
  for (const id of ids) {
    if ((sizes[at] ?? none) === none) yield id;
    at += 1;
  }
}

async function ask(workshop: Workshop, ids: Iterable<string>): Promise<readonly number[]> {
  const headers = await (await workshop.objects()).headers(fewOf(ids));
  if (headers !== null) return headers.map((header) => header?.size ?? none);
  let sizes: number[] = [];
  const begin = () => {
    sizes = [];
    return takeLines((line) => void sizes.push(/^\d+$/.test(line) ? Number(line) : none));
  };
  await workshop.read(['cat-file', '--batch-check=%(objectsize)', '--buffer'], { input: ids, begin });
  return sizes;
}

/** All, or one more than can be asked for in one go. */
function fewOf(ids: Iterable<string>): readonly string[] {
  const few: string[] = [];
  for (const id of ids) if (few.push(id) > mostAtOnce) break;
  return few;
}
