/** A version tag without the commit at its end: `1.0.1-22-7e56158` is `1.0.1-22`. */
export const shortTag = (tag: string): string => tag.replace(/-[0-9a-f]{7,40}(?=(?:-r\d+)?$)/, '');

/** What a release is called: its tag, or its number. */
export function releaseName(release: number | null, tag: string | null): string {
  if (tag !== null) return shortTag(tag);
  return release === null ? 'something else' : `release ${release}`;
}
