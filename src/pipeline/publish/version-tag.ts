import { SlipwayError } from '../../errors.js';
import type { Manifest } from '../../registry/contract.js';
import { revisionTag } from '../../tag-name.js';
import { claim } from './claim.js';
import type { EarlyLook } from './early-look.js';
import type { TagPlaces } from './names.js';

export interface VersionTagRequest extends TagPlaces {
  readonly repository: string;
  /** `{version}-{count}-{sha}`. */
  readonly wanted: string;
  readonly commit: string;
  /** At the name of `wanted`. */
  readonly early: Pick<EarlyLook, 'foundFree'>;
  /** Whether the manifest is the image that is to be tagged. */
  isSameContent(manifest: Manifest): boolean;
}

export interface ChosenTag {
  readonly tag: string;
  /** What the registry holds under the tag already: the same content. Null: the tag is yet to be written. */
  readonly existing: Manifest | null;
}

/** More images than this of one commit are a fault, not a history. */
const mostRevisions = 1_000;

/**
 * The version tag that an image gets: `wanted` or, where that is written with other content, its first revision `-r2`, `-r3`… that is
 * free or holds the same content. Version tags are written once; this is where that is seen to.
 */
export async function chooseVersionTag(request: VersionTagRequest): Promise<ChosenTag> {
  // Where the name was free a moment ago, there is no content to compare with.
  if (await request.early.foundFree()) return { tag: request.wanted, existing: null };
  for (let revision = 1; revision <= mostRevisions; revision += 1) {
    const tag = revisionTag(request.wanted, revision);
    const result = await claim({ ...request, tag, kind: 'version', owner: request.commit });
    if (result.state === 'free') return { tag, existing: null };
    if (result.state === 'same') return { tag, existing: result.existing };
  }
  throw new SlipwayError('internal', `Tag ${request.wanted} has ${mostRevisions} revisions of other content.`);
}
