import type { Image } from '../../model.js';
import type { Manifest } from '../../registry/contract.js';
import { placeFurtherTags, type FurtherTags } from './further-tags.js';
import type { TagPlaces } from './names.js';

export interface Published {
  readonly image: Image;
  /** What was done, in sentences for the build's log. */
  readonly done: readonly string[];
}

/** Records the version tag, which the registry holds by now, and adds the further tags. */
export async function recordTags(
  places: TagPlaces,
  written: FurtherTags & {
    readonly repository: string;
    readonly commit: string;
    readonly tag: string;
    readonly manifest: Manifest;
    readonly done: readonly string[];
  },
): Promise<Published> {
  const { repository, commit, tag, manifest } = written;
  const { digest } = manifest;
  await places.tags.put({ repository, tag, kind: 'version', owner: commit, digest, commit: null });
  const further = await placeFurtherTags(places, written);
  return { image: { repository, digest, tags: [tag, ...further.tags] }, done: [...written.done, ...further.done] };
}
