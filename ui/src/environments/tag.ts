import { shortTag } from '../parts/release.js';

/** What a release is called: its tag, or its number. */
export function releaseName(release: number | null, tag: string | null): string {
  if (tag !== null) return shortTag(tag);
  return release === null ? 'something else' : `release ${release}`;
}
