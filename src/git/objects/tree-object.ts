import { decodeName } from '../../name-bytes.js';

export interface TreeEntry {
  readonly name: string;
  readonly kind: 'folder' | 'file' | 'link' | 'submodule';
  readonly executable: boolean;
  readonly id: string;
}

const kinds: Readonly<Record<string, TreeEntry['kind']>> = {
  '40000': 'folder',
  '100644': 'file',
  // Group-writable, from git's first years.
  '100664': 'file',
  '100755': 'file',
  '120000': 'link',
  '160000': 'submodule',
};

/**
 * Parses a tree object: repeated `<mode> <name>\0<id>`, with the id in bytes. Null if it is invalid, or holds a mode that git does not
 * write or a name twice.
 */
export function parseTreeObject(tree: Buffer, idBytes: number): readonly TreeEntry[] | null {
  const entries: TreeEntry[] = [];
  const names = new Set<string>();
  for (let at = 0; at < tree.length;) {
    const space = tree.indexOf(0x20, at);
    const end = tree.indexOf(0, space);
    const mode = tree.toString('latin1', at, space);
    const kind = kinds[mode];
    if (space < 0 || end < 0 || end + idBytes >= tree.length || kind === undefined) return null;
    const name = decodeName(tree.subarray(space + 1, end));
    if (names.has(name)) return null;
    names.add(name);
    entries.push({
      name,
      kind,
      executable: mode === '100755',
      id: tree.toString('hex', end + 1, end + 1 + idBytes),
    });
    at = end + 1 + idBytes;
  }
  return entries;
}
