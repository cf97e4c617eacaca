import type { VNode } from 'preact';
import { imageCommit } from './release.js';

/** `, image of 0f9de36`, if a release has the image of an earlier commit. */
export function ImageOf({ commit, tag }: { commit: string; tag: string | null }): VNode | null {
  const built = imageCommit(commit, tag);
  if (built === null) return null;
  return (
    <span title="The commit of the release changed how it is run. The image is of an earlier commit.">
      , image of <span class="mono">{built}</span>
    </span>
  );
}
