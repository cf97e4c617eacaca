import { SlipwayError } from '../../errors.js';
import type { Manifest } from '../../registry/contract.js';
import { revisionTag } from '../../tag-name.js';
import { claim } from './claim.js';
import type { TagLookup } from './tag-lookup.js';
import type { TagPlaces } from './names.js';

export interface VersionTagRequest extends TagPlaces {
  readonly repository: string;
  /** `{version}-{count}-{sha}`. */
  readonly wanted: string;
  readonly commit: string;
  /** The lookup of `wanted`. */
  readonly tagLookup: Pick<TagLookup, 'foundFree'>;
  /** True if the manifest is the image to tag. */
  isSameContent(manifest: Manifest): boolean;
}

export interface ChosenTag {
  readonly tag: string;
  /** The same content, already in the registry under this tag. Null: the tag has to be written. */
  readonly existing: Manifest | null;
}

/** More revisions than this of one commit mean a fault. */
const MAX_REVISIONS = 1_000;
/** Taken names after which the registry's list of tags has to have them. */
const MAX_UNLISTED = 5;

/**
 * Chooses the version tag of an image: `wanted`, or its first revision (`-r2`, `-r3`, …) that is free or holds the same content. Version
 * tags are written only once; this function enforces it. Fails with `registry-error` if the registry has images under names that it does
 * not list: a proxy that answers every request with some manifest would otherwise be asked for one revision after the other.
 */
export async function chooseVersionTag(request: VersionTagRequest): Promise<ChosenTag> {
  // The name was free a moment ago, so there is no content to compare.
  if (await request.tagLookup.foundFree()) return { tag: request.wanted, existing: null };
  const { registry, repository, wanted, commit } = request;
  const held: string[] = [];
  let listed: ReadonlySet<string> | null = null;
  for (let revision = 1; revision <= MAX_REVISIONS; revision += 1) {
    const tag = revisionTag(wanted, revision);
    const result = await claim({ ...request, tag, kind: 'version', owner: commit });
    if (result.state === 'free') return { tag, existing: null };
    if (result.state === 'same') return { tag, existing: result.existing };
    if (result.isHeld) held.push(tag);
    if (held.length < MAX_UNLISTED) continue;
    listed ??= new Set(await registry.tags(repository));
    for (const name of held.splice(-MAX_UNLISTED)) if (!listed.has(name)) throw unlisted(request, name);
  }
  throw new SlipwayError('registry-error', `${repository}:${wanted} has ${MAX_REVISIONS} revisions of other content.`);
}

const unlisted = ({ registry, repository }: VersionTagRequest, tag: string): SlipwayError =>
  new SlipwayError(
    'registry-error',
    `${registry.host} answers for ${repository}:${tag} with an image, and does not list that tag. It seems to answer for every name.`,
  );
