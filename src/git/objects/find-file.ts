import { isObjectId } from './object-id.js';
import type { Parsed } from './parsed.js';

export interface FoundFile {
  /** The path asked for, or a file or link on the way to it. */
  readonly path: string;
  readonly isLink: boolean;
  /** Blob id. */
  readonly id: string;
}

/**
 * Finds a file or link at a commit through its trees. Null if there is none, undefined if that cannot be found this way. For paths that do not
 * leave their folder.
 */
export async function findFile(parsed: Parsed, commit: string, path: string): Promise<FoundFile | null | undefined> {
  const id = commit.toLowerCase();
  let tree = isObjectId(id) ? (await parsed.commit(id))?.tree : undefined;
  const parts = path.split('/');
  for (const [at, part] of parts.entries()) {
    const entries = tree === undefined ? null : await parsed.tree(tree, { left: 1 });
    if (entries === null) return undefined;
    const entry = entries.find(({ name }) => name === part);
    if (entry === undefined || entry.kind === 'submodule') return null;
    if (entry.kind !== 'folder')
      return { path: parts.slice(0, at + 1).join('/'), isLink: entry.kind === 'link', id: entry.id };
    tree = entry.id;
  }
  return null;
}
