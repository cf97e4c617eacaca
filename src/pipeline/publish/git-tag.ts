import type { Manifest } from '../../registry/contract.js';
import { claim } from './claim.js';
import type { NamedTag, TagPlaces } from './names.js';

export interface GitTagRequest extends TagPlaces {
  readonly repository: string;
  readonly gitTag: NamedTag;
  /** The image that the git tag is to stand for. */
  readonly manifest: Manifest;
}

/**
 * The image tag of a git tag, to be written with the manifest now; null where the name is written with another image (a git tag that
 * was moved, a version tag, something that another program pushed) and stays as it is. A branch that has the name is moved aside.
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
