import type { TagRow, Tags } from '../../store/contract.js';
import { hashedTag } from '../../tag-name.js';
import type { TagPlaces } from './names.js';

const MAX_HASH_DIGITS = 64;
const hashLengths = [8, 16, 32, MAX_HASH_DIGITS];

export interface BranchTagRequest {
  readonly tags: Tags;
  /** Image repository. */
  readonly repository: string;
  readonly branch: string;
  /** The sanitised name of the branch. */
  readonly wanted: string;
}

/**
 * The tag of a branch: the one that it already has, else `wanted`. If `wanted` belongs to another branch, a version or a git tag, it gets a
 * short hash of the branch's name. The branch owns the tag from then on.
 */
export async function branchTagFor(request: BranchTagRequest): Promise<string> {
  const { tags, repository, branch, wanted } = request;
  const own = await tags.ownedBy(repository, 'branch', branch);
  if (own !== null) return own.tag;
  const tag = (await tags.get(repository, wanted)) === null ? wanted : await hashedName(request);
  await tags.put({ repository, tag, kind: 'branch', owner: branch, digest: null, commit: null });
  return tag;
}

/**
 * Makes room for a version or git tag that needs a branch's name. The branch's image gets the hashed name too, and the branch owns that
 * one. The caller replaces the old name's row. Safe to repeat after a crash.
 */
export async function moveBranchAside({ registry, tags }: TagPlaces, row: TagRow): Promise<string> {
  const { repository, owner: branch } = row;
  const tag = await hashedName({ tags, repository, branch, wanted: row.tag });
  const manifest = await registry.manifest(repository, row.digest ?? row.tag);
  if (manifest !== null) await registry.putTag(repository, tag, manifest);
  await tags.put({ ...row, tag, digest: manifest?.digest ?? null });
  return tag;
}

/** True for the row of a branch that was moved aside from that name. */
export const isMovedFrom = (name: string, { kind, owner, tag }: TagRow): boolean =>
  kind === 'branch' && hashLengths.some((length) => tag === hashedTag(name, owner, length));

/** Longer hashes are for a collision with a name that ends in the shorter one. */
async function hashedName({ tags, repository, branch, wanted }: BranchTagRequest): Promise<string> {
  for (const length of hashLengths) {
    const tag = hashedTag(wanted, branch, length);
    const row = await tags.get(repository, tag);
    if (row === null || (row.kind === 'branch' && row.owner === branch)) return tag;
  }
  return hashedTag(wanted, branch, MAX_HASH_DIGITS);
}
