import type { ContextEntry, ContextFiles } from '../contract.js';

/** A folder, file or link as it is offered to the engine. */
export interface SyncItem {
  readonly path: string;
  /** Null: a folder. */
  readonly entry: ContextEntry | null;
}

/**
 * A context's files and all folders above them, in the order that BuildKit's file sync wants: depth first, siblings by the bytes of their
 * names.
 */
export function syncItems({ entries, folders }: Pick<ContextFiles, 'entries' | 'folders'>): readonly SyncItem[] {
  const known = new Set<string>();
  const items: SyncItem[] = [];
  const addFolder = (path: string): void => {
    if (path === '' || known.has(path)) return;
    known.add(path);
    items.push({ path, entry: null });
    addFolder(parentOf(path));
  };
  for (const folder of folders ?? []) addFolder(folder);
  for (const entry of entries) {
    items.push({ path: entry.path, entry });
    addFolder(parentOf(entry.path));
  }
  return inOrder(items);
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Giving `/` the lowest byte of all makes the order one comparison of whole paths. */
function inOrder(items: readonly SyncItem[]): readonly SyncItem[] {
  const keyed = items.map((item) => ({ item, key: item.path.replaceAll('/', '\0') }));
  // JavaScript's own order is that of the bytes but for what lies beyond the surrogates; bytes cost ten times as much.
  const plain = !keyed.some(({ key }) => beyond.test(key));
  keyed.sort(plain ? (a, b) => (a.key < b.key ? -1 : 1) : (a, b) => Buffer.compare(bytesOf(a.key), bytesOf(b.key)));
  return keyed.map(({ item }) => item);
}

const beyond = /[\ud800-\uffff]/;
const bytesOf = (key: string): Buffer => Buffer.from(key);
