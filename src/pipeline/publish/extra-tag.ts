import type { TagPlaces } from './names.js';

/** Tags that a branch moves besides its own (`extraTags`). */
export interface ExtraTags {
  readonly branch: string;
  readonly tags: readonly string[];
}

export interface FoundExtraTags {
  readonly tags: readonly string[];
  /** Why one is missing, as sentences for the build's log. */
  readonly done: readonly string[];
}

/** The extra tags that the branch may move. A name that belongs to a version, a git tag or another branch stays with its owner. */
export async function extraTagsFor(
  { tags: owned }: Pick<TagPlaces, 'tags'>,
  repository: string,
  { branch, tags }: ExtraTags,
): Promise<FoundExtraTags> {
  const found: string[] = [];
  const done: string[] = [];
  for (const tag of tags) {
    const row = await owned.get(repository, tag);
    // The configuration says whose it is now.
    if (row === null || row.kind === 'extra') found.push(tag);
    else if (row.kind !== 'branch' || row.owner !== branch)
      done.push(`Left ${repository}:${tag} as it is: it belongs to the ${words[row.kind]} ${row.owner}.`);
  }
  return { tags: found, done };
}

const words = { version: 'version of', 'git-tag': 'git tag', branch: 'branch' } as const;
