import { build, short, skip, type Verdict } from './verdict.js';

export interface TagFacts {
  /** The git tag's name, e.g. `v1.2.3`. */
  readonly gitTag: string;
  readonly commit: string;
  /** Whether it matches the service's `gitTags`. */
  readonly configured: boolean;
  /** Who forces the build; null where nothing does. */
  readonly forced: string | null;
  /** Commit of the image that this git tag was given before; null where there is none. */
  readonly imageOf: string | null;
  /** The image tag that the git tag stands for. */
  readonly imageTag: string;
  /** Whether the service is built from artifacts and there is none of the commit. */
  readonly artifactMissing: boolean;
}

/** Decides for one service and git tag: written once, so a tag that was moved keeps the image that it had. */
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
