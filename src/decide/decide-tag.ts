import { build, short, skip, type Verdict } from './verdict.js';

export interface TagFacts {
  /** The git tag's name, e.g. `v1.2.3`. */
  readonly gitTag: string;
  readonly commit: string;
  readonly configured: boolean;
  /** Why the build is forced, or null. */
  readonly forced: string | null;
  /** Commit of the image that the image tag already holds, or null. */
  readonly imageOf: string | null;
  /** Who else the image tag belongs to, e.g. `belongs to git tag 1.2.3`. Undefined: the git tag itself, or nobody. */
  readonly heldBy?: string;
  /** The image tag that the git tag stands for. */
  readonly imageTag: string;
  /** The service is built from artifacts and the commit has none. */
  readonly artifactMissing: boolean;
}

/** Decides for one service and git tag. An image tag is written once: if the git tag moves, or somebody else has the name, it stays. */
export function decideTag(facts: TagFacts): Verdict {
  const { gitTag, commit, imageOf, imageTag, heldBy } = facts;
  const isFree = imageOf === null && heldBy === undefined;
  if (facts.forced !== null) return build('forced', facts.forced);
  if (!facts.configured) return skip('branch-not-configured', `Git tag ${gitTag} is not among the service's gitTags.`);
  if (isFree && facts.artifactMissing) {
    return skip('waiting-for-artifact', `There is no artifact of ${short(commit)}, which git tag ${gitTag} names.`);
  }
  if (isFree) return build('git-tag', `Git tag ${gitTag} asks for the image tag ${imageTag}.`);
  if (imageOf === commit) return skip('no-change', `Image tag ${imageTag} already holds ${short(commit)}.`);
  const holds = imageOf === null ? [] : [`holds ${short(imageOf)}`];
  const held = [...(heldBy === undefined ? [] : [heldBy]), ...holds].join(' and ');
  const names = heldBy === undefined ? 'now names' : 'names';
  return skip('tag-exists', `Image tag ${imageTag} ${held}; git tag ${gitTag} ${names} ${short(commit)}.`);
}
