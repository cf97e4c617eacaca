import type { EngineImages } from '../../engine/contract.js';
import { SlipwayError } from '../../errors.js';
import type { Manifest } from '../../registry/contract.js';
import type { TagLookup } from './tag-lookup.js';
import type { FurtherTags } from './further-tags.js';
import type { TagPlaces } from './names.js';
import { recordTags, type Published } from './record-tags.js';
import { chooseVersionTag } from './version-tag.js';

export type { Published } from './record-tags.js';

export interface PublishDeps extends TagPlaces {
  readonly images: Pick<EngineImages, 'tag' | 'push' | 'remove'>;
}

export interface PublishRequest extends FurtherTags {
  /** Image repository, without the registry's host. */
  readonly repository: string;
  /** Id of the finished image on the engine. */
  readonly imageId: string;
  /** `{version}-{count}-{sha}`. */
  readonly versionTag: string;
  /** The lookup of `versionTag`. */
  readonly tagLookup: Pick<TagLookup, 'foundFree'>;
  readonly commit: string;
  /** Called with the progress of the push. */
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Brings a finished image to the registry: pushes it under its version tag, reads its digest back, then adds the further tags. Safe to
 * interrupt and repeat. An image that is already there is not pushed again. Fails with `digest-mismatch` if the registry holds something
 * else after the push, and with the codes of the registry and the engine's images.
 */
export async function publish(deps: PublishDeps, request: PublishRequest): Promise<Published> {
  const { repository, versionTag: wanted, commit, tagLookup, imageId, signal } = request;
  const { registry, tags } = deps;
  const done: string[] = [];
  const isSameContent = (manifest: Manifest) => isImage(manifest, imageId);
  const chosen = await chooseVersionTag({ registry, tags, repository, wanted, commit, tagLookup, isSameContent });
  const { tag } = chosen;
  if (tag !== wanted) done.push(`${wanted} is written with other content: the tag is ${tag}.`);
  signal.throwIfAborted();
  if (chosen.existing === null) await push(deps, request, tag);
  const manifest = chosen.existing ?? (await readBack(deps, repository, tag, isSameContent));
  done.push(`${chosen.existing === null ? 'Pushed' : 'Found'} ${repository}:${tag} (${manifest.digest}).`);
  signal.throwIfAborted();
  return recordTags(deps, { ...request, tag, manifest, write: null, done });
}

/**
 * True if the engine's image id names this manifest. It is the digest of the configuration with the classic image store, and of the
 * manifest or index with containerd's.
 */
function isImage(manifest: Manifest, imageId: string): boolean {
  return manifest.configDigest === imageId || manifest.digest === imageId;
}

async function push({ images, registry }: PublishDeps, request: PublishRequest, tag: string): Promise<void> {
  const name = `${registry.host}/${request.repository}:${tag}`;
  await images.tag(request.imageId, name);
  try {
    await images.push(name, request.onLine, request.signal);
  } catch (error) {
    // The image stays for another attempt under the name that it was built by.
    await images.remove(name).catch(() => undefined);
    throw error;
  }
}

async function readBack(
  { registry }: PublishDeps,
  repository: string,
  tag: string,
  isSameContent: (manifest: Manifest) => boolean,
): Promise<Manifest> {
  const manifest = await registry.manifest(repository, tag);
  if (manifest !== null && isSameContent(manifest)) return manifest;
  const held = manifest === null ? 'nothing' : manifest.digest;
  throw new SlipwayError('digest-mismatch', `After the push the registry holds ${held} as ${repository}:${tag}.`);
}
