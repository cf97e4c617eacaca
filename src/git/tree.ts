import { isAscii } from 'node:buffer';
import { SlipwayError } from '../errors.js';
import type { FileEntry } from '../model.js';
import { openBlobs } from './blobs.js';
import type { Tree } from './contract.js';
import { aboutCommits } from './history.js';
import { byBytes, isPlain, splitNames } from './names.js';
import { sizesOf } from './sizes.js';
import { findFile } from './objects/find-file.js';
import { compareTrees, findTree, listTree } from './objects/tree-walk.js';
import { followLinks, type Met } from './objects/follow-links.js';
import type { Workshop } from './workshop.js';

interface TreeRow extends FileEntry {
  readonly type: string;
}

/** Git stored group-writable files as 100664 in its first years; such trees still exist. */
const modes: Readonly<Record<string, FileEntry['mode']>> = {
  '100644': '100644',
  '100664': '100644',
  '100755': '100755',
  '120000': '120000',
};

/** Rows of `git ls-tree -z` that are files or links; submodules and folders are left out. */
function parseTree(output: Buffer): TreeRow[] {
  return splitNames(output).flatMap((row) => {
    const tab = row.indexOf('\t');
    const [mode = '', type = '', blob = ''] = row.slice(0, tab).split(' ');
    const known = modes[mode];
    return known === undefined || type !== 'blob' ? [] : [{ path: row.slice(tab + 1), mode: known, type, blob }];
  });
}

const leavesItsFolder = (path: string): boolean =>
  path.split('/').some((part) => part === '' || part === '.' || part === '..');

/** Order by the names' bytes. Git's own order is that already; only a tree written by hand may differ. */
function inByteOrder(entries: FileEntry[], ascii: boolean): readonly FileEntry[] {
  const compare = ascii
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
      const output = await aboutCommits(workshop, [commit], ([id = '']) => lsTree(id, ['-r'], prefix ?? ''));
      if (prefix === null) return [];
      const entries = parseTree(output).map(({ path, mode, blob }) => ({
        path: path.slice(prefix.length),
        mode,
        blob,
      }));
      const unsafe = entries.find((entry) => leavesItsFolder(entry.path));
      // Only a tree written by hand, and taken by a host that does not check, holds such a name.
      if (unsafe !== undefined)
        throw new SlipwayError('unsafe-path', `Commit ${commit} holds the path ${JSON.stringify(unsafe.path)}`);
      return inByteOrder(entries, isAscii(output));
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

/** Without a git process; null where that is not possible. */
async function quickList(workshop: Workshop, commit: string, prefix: string): Promise<readonly FileEntry[] | null> {
  const { parsed } = workshop;
  const root = (await parsed.commit(commit.toLowerCase()))?.tree;
  if (root === undefined) return null;
  const tree = await findTree(parsed, root, prefix.split('/').slice(0, -1));
  if (tree === undefined) return [];
  const entries = tree === null ? null : await listTree(parsed, tree);
  if (entries === null || entries.some(({ path }) => leavesItsFolder(path))) return null;
  return inByteOrder(
    entries,
    entries.every(({ path }) => isPlain(path)),
  );
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
  const file = possible ? parseTree(output).find((row) => paths.includes(row.path)) : undefined;
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
