/** Names of image tags, as pure functions. Docker's grammar is `[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}`. */
import { createHash } from 'node:crypto';

/** The most characters that a tag may have (distribution, reference grammar). */
export const MAX_TAG_CHARACTERS = 128;

/** Eight hexadecimal characters that tell names apart which look alike once they are sanitised. More where `length` says so. */
export function shortHash(name: string, length = 8): string {
  return createHash('sha256').update(name, 'utf8').digest('hex').slice(0, length);
}

/**
 * A name in Docker's grammar: every run of other characters becomes one `-`, leading dots and dashes go, and what is too long is cut
 * and ends in a hash of the whole name. A name of which nothing is left becomes its hash.
 */
export function sanitiseTag(name: string): string {
  const tag = name.replace(/[^A-Za-z0-9_.-]+/g, '-').replace(/^[.-]+/, '');
  if (tag === '') return shortHash(name);
  return tag.length <= MAX_TAG_CHARACTERS ? tag : withSuffix(tag, `-${shortHash(name)}`);
}

/** `tag` with `suffix` at its end; where both are too long together, the tag is cut. */
export function withSuffix(tag: string, suffix: string): string {
  return tag.slice(0, MAX_TAG_CHARACTERS - suffix.length) + suffix;
}

/** `{version}-{count}-{sha}`, e.g. `1.0.1-22-7e56158`; what is too long is taken from the version. */
export function versionTag(parts: {
  readonly version: string;
  readonly count: number;
  /** The abbreviated commit id. */
  readonly sha: string;
}): string {
  return withSuffix(sanitiseTag(parts.version), `-${parts.count}-${parts.sha}`);
}

/**
 * The version tag of another image of the same commit: `-r2`, `-r3`… after `wanted`; the first revision is `wanted` itself. Cut is
 * what precedes `-{count}-{sha}`.
 */
export function revisionTag(wanted: string, revision: number): string {
  if (revision === 1) return wanted;
  const end = /-\d+-[0-9a-f]{7,64}$/.exec(wanted)?.[0] ?? '';
  return withSuffix(wanted.slice(0, wanted.length - end.length), `${end}-r${revision}`);
}

/** Whether a text is a tag by Docker's grammar. */
export const isTagName = (text: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(text);

/** Whether a tag is `wanted` or a further revision of it. */
export const isRevision = (tag: string, wanted: string): boolean =>
  tag === wanted || (tag.startsWith(`${wanted}-r`) && /^[1-9]\d*$/.test(tag.slice(wanted.length + 2)));

/** Image tag of a git tag: `v1.2.3` gives `1.2.3`, anything else its sanitised self. */
export function gitTagName(gitTag: string): string {
  return sanitiseTag(gitTag.replace(/^v(?=[0-9])/, ''));
}

/** What a branch is called where its sanitised name belongs to somebody else: `-` and a short hash of the branch behind it. */
export function hashedTag(wanted: string, branch: string, length = 8): string {
  return withSuffix(wanted, `-${shortHash(branch, length)}`);
}
