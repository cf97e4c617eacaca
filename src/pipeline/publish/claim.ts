import type { Manifest } from '../../registry/contract.js';
import type { TagKind } from '../../store/contract.js';
import { isMovedFrom, moveBranchAside } from './branch-tag.js';
import type { TagPlaces } from './names.js';

export interface Claim extends TagPlaces {
  readonly repository: string;
  readonly tag: string;
  /** The kinds of tags that are written once. */
  readonly kind: Exclude<TagKind, 'branch'>;
  /** As in the store's rows: the commit of a version tag, the name of a git tag. */
  readonly owner: string;
  /** Whether the manifest is the image that the tag is to be given. */
  isSameContent(manifest: Manifest): boolean;
}

/** `free`: may be written now. `same`: holds the content already. `taken`: holds or belongs to something else, for good. */
export type ClaimResult =
  { readonly state: 'free' } | { readonly state: 'same'; readonly existing: Manifest } | { readonly state: 'taken' };

/**
 * Asks for a name that is written once, a version tag's or a git tag's. They win over branch tags: a branch that has the name is moved
 * aside. What the registry holds under the name and Slipway did not write counts as written. Repeating a claim gives the same result.
 */
export async function claim(request: Claim): Promise<ClaimResult> {
  const { registry, tags, repository, tag, kind, owner } = request;
  const [row, held] = await Promise.all([tags.get(repository, tag), registry.manifest(repository, tag)]);
  const same = held !== null && request.isSameContent(held) ? held : null;
  if (row?.kind === 'branch') {
    await moveBranchAside(request, row);
    await tags.put({ repository, tag, kind, owner, digest: null, commit: null });
    return same === null ? { state: 'free' } : { state: 'same', existing: same };
  }
  if (row !== null && belongsToAnother(row, request)) return { state: 'taken' };
  if (held === null) return { state: 'free' };
  if (same !== null) return { state: 'same', existing: same };
  const unwritten = row !== null && row.digest === null && (await isOfBranch(request, held));
  return { state: unwritten ? 'free' : 'taken' };
}

/** Two commits may come to the same version tag where their abbreviated ids are equal: there the content decides. */
function belongsToAnother(
  row: { readonly kind: TagKind; readonly owner: string },
  request: Pick<Claim, 'kind' | 'owner'>,
): boolean {
  return row.kind !== request.kind || (row.kind === 'git-tag' && row.owner !== request.owner);
}

/** A name that was taken from a branch and not written since holds the branch's image still. */
async function isOfBranch({ tags, repository, tag }: Claim, held: Manifest): Promise<boolean> {
  return (await tags.pointingAt(repository, held.digest)).some((row) => isMovedFrom(tag, row));
}
