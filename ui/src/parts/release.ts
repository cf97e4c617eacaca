import { shortCommit } from './short.js';

/** A version tag without the commit at its end: `1.0.1-22-7e56158` is `1.0.1-22`. */
export const shortTag = (tag: string): string => tag.replace(/-[0-9a-f]{7,40}(?=(?:-r\d+)?$)/, '');

/** A release as lists name it: its tag and its number, since a run file of its own makes a release of the same image. */
export const releaseWords = (number: number, tag: string | null): string =>
  tag === null ? `release ${number}` : `${shortTag(tag)}, release ${number}`;

/** The commit at the end of a version tag. Null: it has none. */
const commitOfTag = (tag: string | null): string | null => /-([0-9a-f]{7,40})(?:-r\d+)?$/.exec(tag ?? '')?.[1] ?? null;

/** The commit that the image was built of, if the release is of another one, which changed only how it is run. Null: they are the same. */
export function imageCommit(commit: string, tag: string | null): string | null {
  const built = commitOfTag(tag);
  return built === null || commit.startsWith(built) ? null : shortCommit(built);
}
