import type { Manifest } from '../../registry/contract.js';
import { branchTagFor } from './branch-tag.js';
import { claimGitTag } from './git-tag.js';
import type { NamedTag, TagPlaces } from './names.js';

/** The tags besides the version tag. */
export interface FurtherTags {
  /** Null where the commit was not the branch's head when the build began: only head moves a branch tag. */
  readonly branch: NamedTag | null;
  readonly gitTag: NamedTag | null;
}

export interface PlacedTags {
  /** Bare names, the git tag's first. */
  readonly tags: readonly string[];
  /** What was done, in sentences for the build's log. */
  readonly done: readonly string[];
}

interface Target {
  readonly kind: 'git-tag' | 'branch';
  readonly tag: string;
  readonly owner: string;
}

/**
 * Points the git tag's and the branch's tag at an image that the registry holds, side by side, and records them. Each is recorded once
 * it is written, so whatever is cut off can be repeated.
 */
export async function placeFurtherTags(
  places: TagPlaces,
  image: { readonly repository: string; readonly manifest: Manifest; readonly commit: string } & FurtherTags,
): Promise<PlacedTags> {
  const { targets, done } = await findTargets(places, image);
  const { repository, manifest, commit } = image;
  const place = async ({ kind, tag, owner }: Target): Promise<void> => {
    const digest = await places.registry.putTag(repository, tag, manifest);
    await places.tags.put({ repository, tag, kind, owner, digest, commit: kind === 'git-tag' ? commit : null });
  };
  // Settled, not raced: a failure is thrown only when no other tag is under way any more.
  const results = await Promise.allSettled(targets.map(place));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return {
    tags: targets.map(({ tag }) => tag),
    done: [
      ...done,
      ...targets.map(({ kind, tag, owner }) => `Tagged ${repository}:${tag} for ${words[kind]} ${owner}.`),
    ],
  };
}

const words = { 'git-tag': 'git tag', branch: 'branch' } as const;

/** One after the other: who comes first to a name decides. */
async function findTargets(
  places: TagPlaces,
  { repository, manifest, branch, gitTag }: { readonly repository: string; readonly manifest: Manifest } & FurtherTags,
): Promise<{ targets: readonly Target[]; done: readonly string[] }> {
  const targets: Target[] = [];
  const done: string[] = [];
  if (gitTag !== null) {
    const tag = await claimGitTag({ ...places, repository, gitTag, manifest });
    if (tag !== null) targets.push({ kind: 'git-tag', tag, owner: gitTag.name });
    else done.push(`Left ${repository}:${gitTag.wanted} as it is: it is written once and holds another image.`);
  }
  if (branch !== null) {
    const tag = await branchTagFor({ tags: places.tags, repository, branch: branch.name, wanted: branch.wanted });
    targets.push({ kind: 'branch', tag, owner: branch.name });
  }
  return { targets, done };
}
