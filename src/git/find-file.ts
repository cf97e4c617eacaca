import { encodeName } from './names.js';
import type { Objects } from './objects.js';
import { isObjectId } from './object-id.js';

export interface FoundFile {
  /** The path asked for, or that of a file or link which is in the way to it. */
  readonly path: string;
  readonly isLink: boolean;
  /** Blob id. */
  readonly id: string;
}

/**
 * A file or link at a commit, found through the trees above it; null where there is none, undefined where that cannot be told in this way.
 * For paths that do not leave their folder.
 */
export async function findFile(objects: Objects, commit: string, path: string): Promise<FoundFile | null | undefined> {
  const id = commit.toLowerCase();
  if (!isObjectId(id)) return undefined;
  const head = await objects.content(id, 'commit');
  let tree = /^tree ([0-9a-f]+)\n/.exec(head?.toString('latin1', 0, 80) ?? '')?.[1];
  const parts = path.split('/');
  for (const [at, part] of parts.entries()) {
    const listing = tree === undefined ? null : await objects.content(tree, 'tree');
    if (listing === null) return undefined;
    const entry = entryOf(listing, encodeName(part), id.length / 2);
    if (entry === null || entry.mode.startsWith('16')) return null;
    if (!isFolder(entry))
      return { path: parts.slice(0, at + 1).join('/'), isLink: entry.mode === '120000', id: entry.id };
    tree = entry.id;
  }
  return null;
}

interface Entry {
  /** In octal digits without a leading zero. */
  readonly mode: string;
  readonly id: string;
}

const isFolder = ({ mode }: Entry): boolean => mode === '40000';

/** A tree is `<mode> <name>\0<id>` again and again, the id in bytes. */
function entryOf(tree: Buffer, name: Buffer, idBytes: number): Entry | null {
  for (let at = 0; at < tree.length;) {
    const space = tree.indexOf(0x20, at);
    const end = tree.indexOf(0, space);
    if (space < 0 || end < 0) return null;
    if (end - space - 1 === name.length && name.equals(tree.subarray(space + 1, end))) {
      return { mode: tree.toString('latin1', at, space), id: tree.toString('hex', end + 1, end + 1 + idBytes) };
    }
    at = end + 1 + idBytes;
  }
  return null;
}
