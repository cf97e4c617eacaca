import type { Manifest } from '../../registry/contract.js';
import { claim } from './claim.js';
import type { NamedTag, TagPlaces } from './names.js';

export interface GitTagRequest extends TagPlaces {
  readonly repository: string;
  readonly gitTag: NamedTag;
  /** The image for the git tag. */
  readonly manifest: Manifest;
}

/**
 * The image tag of a git tag, to be written with the manifest now. Null if the name already holds another image: the git tag was moved, or
 * the name is a version tag, or another program pushed it. A branch that owns the name is moved aside.
 */
export async function claimGitTag({
  registry,
  tags,
  repository,
  gitTag,
  manifest,
}: GitTagRequest): Promise<string | null> {
  const result = await claim({
    registry,
    tags,
    repository,
    tag: gitTag.wanted,
    kind: 'git-tag',
    owner: gitTag.name,
    isSameContent: (held) => held.digest === manifest.digest,
  });
  return result.state === 'taken' ? null : gitTag.wanted;
}
