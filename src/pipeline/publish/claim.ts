import type { Manifest } from '../../registry/contract.js';
import type { TagKind } from '../../store/contract.js';
import { isMovedFrom, moveBranchAside } from './branch-tag.js';
import type { TagPlaces } from './names.js';

export interface Claim extends TagPlaces {
  readonly repository: string;
  readonly tag: string;
  /** Tags that are written only once. */
  readonly kind: Exclude<TagKind, 'branch' | 'extra'>;
  /** As in the store's rows: the commit of a version tag, or the name of a git tag. */
  readonly owner: string;
  /** True if the manifest is the image for the tag. */
  isSameContent(manifest: Manifest): boolean;
}

/**
 * `free`: may be written now. `same`: already holds the content. `taken`: permanently holds or belongs to something else; `isHeld` if the
 * registry says so.
 */
export type ClaimResult =
  | { readonly state: 'free' }
  | { readonly state: 'same'; readonly existing: Manifest }
  | { readonly state: 'taken'; readonly isHeld: boolean };

/**
 * Claims a name that is written only once: a version or git tag. These win over branch tags, so a branch that owns the name is moved aside.
 * Content that another program pushed under the name counts as written. Repeating a claim gives the same result.
 */
export async function claim(request: Claim): Promise<ClaimResult> {
  const { registry, tags, repository, tag, kind, owner } = request;
  const [row, held] = await Promise.all([tags.get(repository, tag), registry.manifest(repository, tag)]);
  const same = held !== null && request.isSameContent(held) ? held : null;
  if (row?.kind === 'branch' || row?.kind === 'extra') {
    if (row.kind === 'branch') await moveBranchAside(request, row);
    await tags.put({ repository, tag, kind, owner, digest: null, commit: null });
    return same === null ? { state: 'free' } : { state: 'same', existing: same };
  }
  if (row !== null && belongsToAnother(row, request)) return { state: 'taken', isHeld: held !== null };
  if (held === null) return { state: 'free' };
  if (same !== null) return { state: 'same', existing: same };
  const unwritten = row !== null && row.digest === null && (await isOfBranch(request, held));
  return unwritten ? { state: 'free' } : { state: 'taken', isHeld: true };
}

/** Two commits with equal abbreviated ids have the same version tag. Then the content decides. */
function belongsToAnother(
  row: { readonly kind: TagKind; readonly owner: string },
  request: Pick<Claim, 'kind' | 'owner'>,
): boolean {
  return row.kind !== request.kind || (row.kind === 'git-tag' && row.owner !== request.owner);
}

/** A name taken from a branch still holds the branch's image until it is written. */
async function isOfBranch({ tags, repository, tag }: Claim, held: Manifest): Promise<boolean> {
  return (await tags.pointingAt(repository, held.digest)).some((row) => isMovedFrom(tag, row));
}
