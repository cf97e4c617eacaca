import { SlipwayError } from '../../errors.js';
import type { FileEntry } from '../../model/file-entry.js';
import type { FileList } from '../contract.js';
import { FileTable } from './file-table.js';
import { requireCommit, takeAbout } from '../history/history.js';
import { everything, ListLimit, lsTree } from '../output/list-limit.js';
import { decodeName, encodeName } from '../../name-bytes.js';
import { sortedByName } from '../output/names.js';
import { findTree, listTree } from '../objects/tree-walk.js';
import { takeRows, type TakeOutput } from '../output/rows.js';
import type { MirrorRepository } from '../mirror/mirror-repository.js';

/** Git stored group-writable files as 100664 in its first years, and such trees still exist. */
const modes: Readonly<Record<string, FileEntry['mode']>> = {
  '100644': '100644',
  '100664': '100644',
  '100755': '100755',
  '120000': '120000',
};

const submodule = '160000';
const MODE_BYTES = 6;

/** Also for a string that stands for bytes. */
export const leavesItsFolder = (path: string): boolean => /(?:^|\/)\.{0,2}(?:\/|$)/.test(path);

/** Lists files below a folder; see `Tree.list`. */
export async function listFiles(mirrorRepository: MirrorRepository, commit: string, folder: string): Promise<FileList> {
  const prefix = asPrefix(folder);
  if (prefix !== null)
    return (await quickList(mirrorRepository, commit, prefix)) ?? listByGit(mirrorRepository, commit, prefix);
  await requireCommit(mirrorRepository, commit);
  return [];
}

/** `folder` as a prefix of paths. Null if no path of a git tree can begin with it. */
function asPrefix(folder: string): string | null {
  const trimmed = folder.replace(/\/+$/, '');
  if (trimmed === '' || trimmed === '.') return '';
  return leavesItsFolder(trimmed) || trimmed.includes('\0') ? null : `${trimmed}/`;
}

/** Without a git process. Null if that is not possible. */
async function quickList(mirrorRepository: MirrorRepository, commit: string, prefix: string): Promise<FileList | null> {
  const { parsed } = mirrorRepository;
  const root = (await parsed.commit(commit.toLowerCase()))?.tree;
  if (root === undefined) return null;
  const tree = await findTree(parsed, root, prefix.split('/').slice(0, -1));
  if (tree === undefined) return [];
  const found = tree === null ? null : await listTree(parsed, tree);
  if (found === null) return null;
  const { files, submodules } = found;
  if (files.some(({ path }) => leavesItsFolder(path)) || submodules.some(leavesItsFolder)) return null;
  const list = sortedByName(files, ({ path }) => path);
  return submodules.length > 0 ? Object.assign([...list], { submodules }) : list;
}

async function listByGit(mirrorRepository: MirrorRepository, commit: string, prefix: string): Promise<FileList> {
  let table = new FileTable();
  const prefixBytes = encodeName(prefix).length;
  const begin = () => {
    table = new FileTable();
    return takeFiles(table, commit, prefixBytes);
  };
  await takeAbout(mirrorRepository, [commit], ([id = '']) => lsTree(id, everything, prefix), begin);
  await table.sort();
  await requireClear(table, commit);
  return table;
}

/** Adds rows of `git ls-tree -z` to a table, without folders and without the first bytes of each path. */
export function takeFiles(table: FileTable, commit: string, prefixBytes = 0): TakeOutput {
  const limit = new ListLimit(commit);
  return takeRows(0, (row, isCut) => {
    limit.count(table.bytes);
    const written = row.toString('latin1', 0, MODE_BYTES);
    const mode = modes[written];
    if (mode === undefined && written !== submodule) return;
    const tab = row.indexOf(0x09);
    const path = row.subarray(tab + 1 + prefixBytes);
    if (isCut) throw limit.tooLong(path);
    requireInside(path, commit);
    if (mode === undefined) table.addSubmodule(path);
    else table.add(mode, row.toString('latin1', MODE_BYTES + ' blob '.length, tab), path);
  });
}

/** No folder can hold what such a tree says. Git's own check (`git fsck`) calls it an error, and most hosts refuse it. */
async function requireClear(table: FileTable, commit: string): Promise<void> {
  const path = await table.ambiguousPath();
  if (path === null) return;
  const said = `Commit ${commit} holds the path ${JSON.stringify(path)} twice, or as a file and as a folder.`;
  throw new SlipwayError('repository-unsupported', said);
}

/** Only a hand-written tree, from a host that does not check, contains such a name. */
function requireInside(path: Buffer, commit: string): void {
  if (leavesItsFolder(path.toString('latin1')))
    throw new SlipwayError('unsafe-path', `Commit ${commit} holds the path ${JSON.stringify(decodeName(path))}`);
}
