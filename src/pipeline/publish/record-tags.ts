import type { Image } from '../../model/image.js';
import type { Manifest } from '../../registry/contract.js';
import { findFurtherTags, placeTag, type FurtherTags } from './further-tags.js';
import type { TagPlaces } from './names.js';

export interface Published {
  readonly image: Image;
  /** Sentences for the build's log. */
  readonly done: readonly string[];
}

/**
 * Records the version tag and adds the further tags. If the version tag still has to be written (`write`), that happens in parallel: the
 * image is already there under another name.
 */
export async function recordTags(
  places: TagPlaces,
  image: FurtherTags & {
    readonly repository: string;
    readonly commit: string;
    readonly tag: string;
    readonly manifest: Manifest;
    readonly write: (() => Promise<unknown>) | null;
    readonly done: readonly string[];
    readonly signal: AbortSignal;
  },
): Promise<Published> {
  const { repository, commit, tag, manifest, write, signal } = image;
  const { digest } = manifest;
  const version = { repository, tag, kind: 'version', owner: commit, commit: null } as const;
  await places.tags.put({ ...version, digest: write === null ? digest : null });
  const { targets, done } = await findFurtherTags(places, image);
  // Somebody may have stopped the build and begun the next one of the branch.
  signal.throwIfAborted();
  const writeVersion = async (): Promise<readonly string[]> => {
    if (write !== null) {
      await write();
      await places.tags.put({ ...version, digest });
    }
    return [...image.done, ...done];
  };
  const said = await allOf([writeVersion(), ...targets.map(async (target) => [await placeTag(places, image, target)])]);
  return { image: { repository, digest, tags: [tag, ...targets.map((target) => target.tag)] }, done: said.flat() };
}

/** Waits for all: a failure is thrown only when no other tag is in progress. */
async function allOf<T>(work: readonly Promise<T>[]): Promise<readonly T[]> {
  const results = await Promise.allSettled(work);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
