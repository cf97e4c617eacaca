import { createTurns } from '../../in-turns.js';
import { encodeName } from '../../name-bytes.js';
import { orderedBy } from '../../positions.js';
import type { ContextEntries, ContextEntry, ContextFiles } from '../contract.js';

/** A file or link as it is offered to the engine, or a folder. */
export type SyncItem = ContextEntry | SyncFolder;

export interface SyncFolder {
  readonly path: string;
  readonly mode: 'folder';
}

/** Indexed by the numbers that the engine requests. */
export interface SyncItems extends Iterable<SyncItem> {
  readonly length: number;
  at(number: number): SyncItem | undefined;
}

/**
 * A context's files and all their folders, in the order of BuildKit's file sync: depth first, siblings by the bytes of their names. Holds
 * only the order beside the context. Yields to other work.
 */
export async function syncItems({
  entries,
  folders: empty = [],
}: Pick<ContextFiles, 'entries' | 'folders'>): Promise<SyncItems> {
  const folders = await foldersOf(entries, empty);
  const itemAt = (position: number): SyncItem =>
    entries.at(position) ?? { path: folders[position - entries.length]?.path ?? '', mode: 'folder' };
  const order = await inOrder(withFolders(entries.length, folders), (position) => itemAt(position).path);
  return {
    length: order.length,
    at(number) {
      const position = order[number];
      return position === undefined ? undefined : itemAt(position);
    },
    *[Symbol.iterator]() {
      for (const position of order) yield itemAt(position);
    },
  };
}

interface Folder {
  readonly path: string;
  /** Position of the first entry below it. */
  readonly before: number;
}

async function foldersOf(entries: ContextEntries, empty: readonly string[]): Promise<readonly Folder[]> {
  const folders: Folder[] = [];
  const known = new Set(['']);
  const add = (path: string, before: number): void => {
    const above: string[] = [];
    for (let folder = path; !known.has(folder); folder = parentOf(folder)) {
      known.add(folder);
      above.push(folder);
    }
    for (const folder of above.reverse()) folders.push({ path: folder, before });
  };
  const nextTurn = createTurns();
  for (const path of empty) add(path, 0);
  let position = 0;
  for (const { path } of entries) {
    add(parentOf(path), position);
    position += 1;
    const turn = nextTurn();
    if (turn) await turn;
  }
  return folders;
}

/** Positions of all entries and, after those, of the folders. Each folder comes before its contents. */
function withFolders(entries: number, folders: readonly Folder[]): Uint32Array {
  const order = new Uint32Array(entries + folders.length);
  let folder = 0;
  for (let entry = 0; entry < entries; entry += 1) {
    for (; (folders[folder]?.before ?? entries) <= entry; folder += 1) order[entry + folder] = entries + folder;
    order[entry + folder] = entry;
  }
  for (; folder < folders.length; folder += 1) order[entries + folder] = entries + folder;
  return order;
}

/** Nearly always sorted already, and keys would take more memory. */
async function inOrder(positions: Uint32Array, pathAt: (position: number) => string): Promise<Uint32Array> {
  return orderedBy(positions, (position) => sortKey(pathAt(position)));
}

/** With `/` as the lowest byte, comparing whole paths gives the order. */
function sortKey(path: string): string {
  const key = path.replaceAll('/', '\0');
  return beyondAscii.test(key) ? encodeName(key).toString('latin1') : key;
}

const beyondAscii = /[^\0-\x7f]/;

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
