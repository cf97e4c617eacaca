import type { ContextEntry, ContextFiles } from '../contract.js';

/** A file or link as it is offered to the engine, or a folder. */
export type SyncItem = ContextEntry | SyncFolder;

export interface SyncFolder {
  readonly path: string;
  readonly mode: 'folder';
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
    addFolder(parentOf(path));
    items.push({ path, mode: 'folder' });
  };
  for (const folder of folders ?? []) addFolder(folder);
  for (const entry of entries) {
    addFolder(parentOf(entry.path));
    items.push(entry);
  }
  // JavaScript's own order is that of the bytes but for what lies beyond the surrogates; bytes cost ten times as much.
  return items.sort(items.some(({ path }) => beyond.test(path)) ? byBytes : byUnits);
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

const beyond = /[\ud800-\uffff]/;

/** With `/` for the lowest byte of all the order is one comparison of whole paths. */
function byBytes(one: SyncItem, other: SyncItem): number {
  const [a, b] = [one, other].map(({ path }) => Buffer.from(path.replaceAll('/', '\0')));
  return Buffer.compare(a ?? empty, b ?? empty);
}

const empty = Buffer.alloc(0);

/** The same; most items are in order already, and keys for all of them would take as much room as the items. */
function byUnits({ path: a }: SyncItem, { path: b }: SyncItem): number {
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at < shorter && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  if (at === shorter) return a.length - b.length;
  if (a[at] === '/') return -1;
  return b[at] === '/' ? 1 : a.charCodeAt(at) - b.charCodeAt(at);
}
