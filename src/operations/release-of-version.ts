import type { Release } from '../model/release.js';
import type { Store } from '../store/contract.js';
import { gitTagName, isRevision } from '../tag-name.js';

/**
 * The release that a version or git tag names, with or without its revision. A tag that is named in full comes before the revisions of it. Only
 * version tags and git tags name one image for good. Null: there is none.
 */
export async function releaseOfVersion(
  service: string,
  version: string,
  { releases, tags: kinds }: Pick<Store, 'releases' | 'tags'>,
): Promise<Release | null> {
  const tags = [...new Set([version, gitTagName(version)])];
  for (const isMeant of [(tag: string, wanted: string) => tag === wanted, isRevision])
    for (const tag of tags)
      for (const release of await releases.tagged(service, tag))
        for (const [index, one] of release.image.tags.entries())
          if (
            isMeant(one, tag) &&
            (index === 0 || (await kinds.get(release.image.repository, one))?.kind === 'git-tag')
          )
            return release;
  return null;
}
