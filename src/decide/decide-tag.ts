import { build, short, skip, type Verdict } from './verdict.js';

export interface TagFacts {
  /** The git tag's name, e.g. `v1.2.3`. */
  readonly gitTag: string;
  readonly commit: string;
  readonly configured: boolean;
  /** Why the build is forced, or null. */
  readonly forced: string | null;
  /** Commit of the image that this git tag already has, or null. */
  readonly imageOf: string | null;
  /** The image tag that the git tag stands for. */
  readonly imageTag: string;
  /** The service is built from artifacts and the commit has none. */
  readonly artifactMissing: boolean;
}

/** Decides for one service and git tag. A git tag is built once: if it moves, it keeps its image. */
export function decideTag(facts: TagFacts): Verdict {
  const { gitTag, commit, imageOf, imageTag } = facts;
  if (facts.forced !== null) return build('forced', facts.forced);
  if (!facts.configured) return skip('branch-not-configured', `Git tag ${gitTag} is not among the service's gitTags.`);
  if (imageOf === null && facts.artifactMissing) {
    return skip('waiting-for-artifact', `There is no artifact of ${short(commit)}, which git tag ${gitTag} names.`);
  }
  if (imageOf === null) return build('git-tag', `Git tag ${gitTag} asks for the image tag ${imageTag}.`);
  if (imageOf === commit) return skip('no-change', `Image tag ${imageTag} already holds ${short(commit)}.`);
  return skip(
    'tag-exists',
    `Image tag ${imageTag} holds ${short(imageOf)}; git tag ${gitTag} now names ${short(commit)}.`,
  );
}
