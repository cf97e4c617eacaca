import type { TagRow, Tags } from '../../store/contract.js';
import { hashedTag } from '../../tag-name.js';
import type { TagPlaces } from './names.js';

const longest = 64;
const hashLengths = [8, 16, 32, longest];

export interface BranchTagRequest {
  readonly tags: Tags;
  /** Image repository. */
  readonly repository: string;
  readonly branch: string;
  /** The branch's name, sanitised. */
  readonly wanted: string;
}

/**
 * The tag of a branch: the one it was given before, else `wanted`, else, where that name belongs to another branch, a version or a git
 * tag, `wanted` with a short hash of the branch's name. The name is the branch's from then on.
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
 * Makes room for a version or git tag that needs the name of a branch: the branch's image gets the hashed name as well, and the branch
 * owns that. The old name's row is the caller's to replace. Repeated after a crash it does the same again.
 */
export async function moveBranchAside({ registry, tags }: TagPlaces, row: TagRow): Promise<string> {
  const { repository, owner: branch } = row;
  const tag = await hashedName({ tags, repository, branch, wanted: row.tag });
  const manifest = await registry.manifest(repository, row.digest ?? row.tag);
  if (manifest !== null) await registry.putTag(repository, tag, manifest);
  await tags.put({ ...row, tag, digest: manifest?.digest ?? null });
  return tag;
}

/** Whether a row is of a branch that was moved aside from that name. */
export const isMovedFrom = (name: string, { kind, owner, tag }: TagRow): boolean =>
  kind === 'branch' && hashLengths.some((length) => tag === hashedTag(name, owner, length));

/** Longer hashes are for the case that somebody owns a name that ends in the shorter one. */
async function hashedName({ tags, repository, branch, wanted }: BranchTagRequest): Promise<string> {
  for (const length of hashLengths) {
    const tag = hashedTag(wanted, branch, length);
    const row = await tags.get(repository, tag);
    if (row === null || (row.kind === 'branch' && row.owner === branch)) return tag;
  }
  return hashedTag(wanted, branch, longest);
}
