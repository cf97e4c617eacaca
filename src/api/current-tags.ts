import type { Image } from '../model/image.js';
import type { Store } from '../store/contract.js';

/**
 * The tags of a build that name its image now. Its version tag always does. Others are left out if by the record of tags they belong to
 * another image by now: the branch has moved on, or somebody else has the name.
 */
export async function currentTags({ repository, digest, tags }: Image, store: Pick<Store, 'tags'>): Promise<string[]> {
  const [version, ...moving] = tags;
  const rows = await Promise.all(moving.map((tag) => store.tags.get(repository, tag)));
  const current = moving.filter((_, at) => {
    const row = rows[at] ?? null;
    return row === null || row.digest === digest;
  });
  return version === undefined ? current : [version, ...current];
}
