import type { ContextEntry, ContextFiles } from '../contract.js';

/** A folder, file or link as it is offered to the engine. */
export interface SyncItem {
  readonly path: string;
  /** Null: a folder. */
  readonly entry: ContextEntry | null;
}

/**
 * A context's files and all folders above them, in the order that BuildKit's file sync wants: depth first, siblings by the bytes of their
 * names. Giving `/` the lowest byte of all turns that into one comparison of whole paths.
 */
export function syncItems({ entries, folders }: Pick<ContextFiles, 'entries' | 'folders'>): readonly SyncItem[] {
  const items = new Map<string, SyncItem>();
  const addFolders = (path: string): void => {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (items.has(folder)) return;
      items.set(folder, { path: folder, entry: null });
    }
  };
  for (const folder of folders ?? []) {
    items.set(folder, { path: folder, entry: null });
    addFolders(folder);
  }
  for (const entry of entries) {
    items.set(entry.path, { path: entry.path, entry });
    addFolders(entry.path);
  }
  const keyed = [...items.values()].map((item) => ({ item, key: Buffer.from(item.path.replaceAll('/', '\0')) }));
  return keyed.sort((a, b) => Buffer.compare(a.key, b.key)).map(({ item }) => item);
}
