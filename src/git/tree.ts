import { SlipwayError } from '../errors.js';
import type { FileEntry } from '../model.js';
import { openBlobs } from './blobs.js';
import type { FileList, Tree } from './contract.js';
import { FileTable } from './file-table.js';
import { aboutCommits, takeAboutCommit } from './history.js';
import { byBytes, decodeName, encodeName, isPlain } from './names.js';
import { takeRows } from './rows.js';
import { sizesOf } from './sizes.js';
import { findFile } from './objects/find-file.js';
import { compareTrees, findTree, listTree } from './objects/tree-walk.js';
import { followLinks, type Met } from './objects/follow-links.js';
import type { Workshop } from './workshop.js';

/** Git stored group-writable files as 100664 in its first years; such trees still exist. */
const modes: Readonly<Record<string, FileEntry['mode']>> = {
  '100644': '100644',
  '100664': '100644',
  '100755': '100755',
  '120000': '120000',
};

const SUBMODULE = '160000';

/** Adds a row of `git ls-tree -z`, less the first bytes of its name; folders are left out. */
function addRow(table: FileTable, row: Buffer, prefixBytes = 0): void {
  const written = row.toString('latin1', 0, modeLength);
  const mode = modes[written];
  const tab = row.indexOf(0x09);
  const path = row.subarray(tab + 1 + prefixBytes);
  if (mode !== undefined) table.add(mode, row.toString('latin1', modeLength + ' blob '.length, tab), path);
  else if (written === SUBMODULE) table.submodules.push(decodeName(path));
}

const modeLength = 6;

const leavesItsFolder = (path: string): boolean => /(?:^|\/)\.{0,2}(?:\/|$)/.test(path);

/** Order by the names' bytes. Git's own order is that already; only a tree written by hand may differ. */
function inByteOrder(entries: FileEntry[]): FileEntry[] {
  const compare = entries.every(({ path }) => isPlain(path))
    ? (one: FileEntry, other: FileEntry) => (one.path < other.path ? -1 : Number(one.path > other.path))
    : (one: FileEntry, other: FileEntry) => byBytes(one.path, other.path);
  const sorted = entries.every((entry, at) => at === 0 || compare(entries[at - 1] ?? entry, entry) < 0);
  return sorted ? entries : entries.sort(compare);
}

/** `folder` as a prefix of paths; null where no path of a git tree can begin so. */
function asPrefix(folder: string): string | null {
  const trimmed = folder.replace(/\/+$/, '');
  if (trimmed === '' || trimmed === '.') return '';
  return leavesItsFolder(trimmed) || trimmed.includes('\0') ? null : `${trimmed}/`;
}

const lsTree = (commit: string, options: readonly string[], ...paths: readonly string[]): string[] => [
  'ls-tree',
  ...options,
  '-z',
  '--full-tree',
  '--end-of-options',
  commit,
  ...paths.filter((path) => path !== ''),
];

export function createTree(workshop: Workshop): Tree {
  return {
    async list(commit, folder) {
      const prefix = asPrefix(folder);
      const quick = prefix === null ? null : await quickList(workshop, commit, prefix);
      if (quick !== null) return quick;
      const entries = await listByGit(workshop, commit, prefix ?? '');
      if (prefix === null) return [];
      // Only a tree written by hand, and taken by a host that does not check, holds such a name.
      for (const path of pathsOf(entries))
        if (leavesItsFolder(path))
          throw new SlipwayError('unsafe-path', `Commit ${commit} holds the path ${JSON.stringify(path)}`);
      return entries;
    },

    async read(commit, path) {
      const met = await meet(workshop, commit, path);
      return met?.path === path ? met.content : null;
    },

    follow: (commit, path) => followLinks(path, (one) => meet(workshop, commit, one)),

    async sameNames(one, other) {
      const { parsed } = workshop;
      const [from, to] = await Promise.all([one, other].map((commit) => parsed.commit(commit.toLowerCase())));
      return (from && to && (await compareTrees(parsed, from.tree, to.tree)))?.sameNames ?? false;
    },

    blobs: (ids) => openBlobs(workshop, ids),

    sizes: (ids) => sizesOf(workshop, ids),
  };
}

function* pathsOf(files: FileList): Generator<string> {
  for (const { path } of files) yield path;
  yield* files.submodules ?? [];
}

/** Without a git process; null where that is not possible. */
async function quickList(workshop: Workshop, commit: string, prefix: string): Promise<FileList | null> {
  const { parsed } = workshop;
  const root = (await parsed.commit(commit.toLowerCase()))?.tree;
  if (root === undefined) return null;
  const tree = await findTree(parsed, root, prefix.split('/').slice(0, -1));
  if (tree === undefined) return [];
  const found = tree === null ? null : await listTree(parsed, tree);
  if (found === null) return null;
  const { files, submodules } = found;
  const list = Object.assign(inByteOrder(files), submodules.length > 0 ? { submodules } : {});
  return [...pathsOf(list)].some(leavesItsFolder) ? null : list;
}

async function listByGit(workshop: Workshop, commit: string, prefix: string): Promise<FileList> {
  let table = new FileTable();
  const prefixBytes = encodeName(prefix).length;
  const begin = () => {
    table = new FileTable();
    return takeRows(0, (row) => addRow(table, row, prefixBytes));
  };
  await takeAboutCommit(workshop, commit, (id) => lsTree(id, ['-r'], prefix), begin);
  table.sort();
  return table;
}

/** The file or link at a path, or the first that is in the way to it. */
async function meet(workshop: Workshop, commit: string, path: string): Promise<Met | null> {
  const possible = !leavesItsFolder(path) && !path.includes('\0');
  const quick = possible ? await findFile(workshop.parsed, commit, path) : undefined;
  if (quick === null) return null;
  const content = quick && (await (await workshop.objects()).content(quick.id, 'blob'));
  if (content) return { ...quick, content };
  const paths = possible ? alongPath(path) : [''];
  const output = await aboutCommits(workshop, [commit], ([id = '']) => lsTree(id, [], ...paths));
  const table = new FileTable();
  takeRows(0, (row) => addRow(table, row))(output);
  const file = possible ? [...table].find((one) => paths.includes(one.path)) : undefined;
  if (file === undefined) return null;
  const chunks: Buffer[] = [];
  for await (const { chunks: pieces } of openBlobs(workshop, [file.blob]))
    for await (const piece of pieces) chunks.push(piece);
  return { path: file.path, isLink: file.mode === '120000', content: Buffer.concat(chunks) };
}

/** The folders above a path, outermost first, and the path. */
function alongPath(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}
