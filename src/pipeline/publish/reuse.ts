import type { Manifest } from '../../registry/contract.js';
import type { TagLookup } from './tag-lookup.js';
import type { FurtherTags } from './further-tags.js';
import type { TagPlaces } from './names.js';
import { recordTags, type Published } from './record-tags.js';
import { chooseVersionTag } from './version-tag.js';

export interface ReuseRequest extends FurtherTags {
  /** Image repository, without the registry's host. */
  readonly repository: string;
  /** The image that the registry already holds. */
  readonly manifest: Manifest;
  /** `{version}-{count}-{sha}` of the commit that the image also covers now. */
  readonly versionTag: string;
  /** The lookup of `versionTag`. */
  readonly tagLookup: Pick<TagLookup, 'foundFree'>;
  readonly commit: string;
  readonly signal: AbortSignal;
}

/**
 * Gives an image in the registry the tags of another commit, without the engine. Safe to interrupt and repeat. Fails with the registry's
 * codes.
 */
export async function reuse({ registry, tags }: TagPlaces, request: ReuseRequest): Promise<Published> {
  const { repository, manifest, versionTag: wanted, commit, tagLookup, signal } = request;
  const { digest } = manifest;
  const isSameContent = (held: { readonly digest: string }) => held.digest === digest;
  const { tag, existing } = await chooseVersionTag({
    registry,
    tags,
    repository,
    wanted,
    commit,
    tagLookup,
    isSameContent,
  });
  signal.throwIfAborted();
  const write = existing === null ? () => registry.putTag(repository, tag, manifest) : null;
  const done = [
    ...(tag === wanted ? [] : [`${wanted} is written with other content: the tag is ${tag}.`]),
    `${existing === null ? 'Tagged' : 'Found'} ${repository}:${tag} (${digest}).`,
  ];
  return recordTags({ registry, tags }, { ...request, tag, write, done });
}
