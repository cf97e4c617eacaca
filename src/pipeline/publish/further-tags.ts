import { SlipwayError } from '../../errors.js';
import type { Manifest } from '../../registry/contract.js';
import { branchTagFor } from './branch-tag.js';
import { extraTagsFor, type ExtraTags } from './extra-tag.js';
import { claimGitTag } from './git-tag.js';
import type { TagRow } from '../../store/contract.js';
import type { NamedTag, TagPlaces } from './names.js';

/** The tags besides the version tag. */
export interface FurtherTags {
  /** Null if the commit was not the branch's head when the build began: only head moves a branch tag. */
  readonly branch: NamedTag | null;
  readonly gitTag: NamedTag | null;
  /** Default: none. */
  readonly extra?: ExtraTags | null;
}

interface Target {
  readonly kind: 'git-tag' | 'branch' | 'extra';
  readonly tag: string;
  readonly owner: string;
}

export interface FoundTags {
  /** The git tag's comes first. */
  readonly targets: readonly Target[];
  /** Why a tag is missing here, as sentences for the build's log. */
  readonly done: readonly string[];
}

interface TaggedImage extends FurtherTags {
  readonly repository: string;
  readonly manifest: Manifest;
  readonly commit: string;
}

/** Points a tag at an image in the registry, then records it. Safe to interrupt and repeat. */
export async function placeTag(places: TagPlaces, image: TaggedImage, { kind, tag, owner }: Target): Promise<string> {
  const { repository, manifest, commit } = image;
  const digest = await places.registry.putTag(repository, tag, manifest);
  await places.tags.put({ repository, tag, kind, owner, digest, commit: kind === 'git-tag' ? commit : null });
  return `Tagged ${repository}:${tag} for ${words[kind]} ${owner}.`;
}

const words = { 'git-tag': 'git tag', branch: 'branch', extra: 'branch' } as const;

/**
 * Finds the tags for the git tag and the branch, one after the other, after the version tag has its owner: the first to claim a name gets
 * it. Fails with `tag-exists` if the git tag's holds something else than an image of the commit.
 */
export async function findFurtherTags(
  places: TagPlaces,
  { repository, manifest, commit, branch, gitTag, extra = null }: TaggedImage,
): Promise<FoundTags> {
  const targets: Target[] = [];
  const done: string[] = [];
  if (gitTag !== null) {
    const tag = await claimGitTag({ ...places, repository, gitTag, manifest });
    if (tag !== null) targets.push({ kind: 'git-tag', tag, owner: gitTag.name });
    else done.push(await leftAsItIs(places, { repository, commit, tag: gitTag.wanted, gitTag: gitTag.name }));
  }
  if (branch !== null) {
    const tag = await branchTagFor({ tags: places.tags, repository, branch: branch.name, wanted: branch.wanted });
    targets.push({ kind: 'branch', tag, owner: branch.name });
  }
  if (extra !== null) {
    const further = await extraTagsFor(places, repository, extra);
    for (const tag of further.tags) targets.push({ kind: 'extra', tag, owner: extra.branch });
    done.push(...further.done);
  }
  return { targets, done };
}

/** Why a git tag's image tag was not written, for the build's log: another image of the commit is behind it already. */
async function leftAsItIs(
  { registry, tags }: TagPlaces,
  { repository, tag, commit, gitTag }: Record<'repository' | 'tag' | 'commit' | 'gitTag', string>,
): Promise<string> {
  const row = await tags.get(repository, tag);
  if (row !== null && row.digest !== null && commitOf(row) === commit) {
    return `Left ${repository}:${tag} as it is: it is written only once and holds another image.`;
  }
  const held = row === null ? await registry.manifest(repository, tag) : null;
  const what = row === null ? `holds ${held?.digest ?? 'an image'} of another program` : whose(row);
  throw new SlipwayError('tag-exists', `${repository}:${tag}, which git tag ${gitTag} asks for, ${what}.`);
}

const commitOf = ({ kind, owner, commit }: TagRow): string | null => (kind === 'version' ? owner : commit);

const whose = ({ kind, owner, digest }: TagRow): string =>
  `belongs to ${kind === 'version' ? 'the version of' : words[kind]} ${owner} and holds ${digest ?? 'another image'}`;
