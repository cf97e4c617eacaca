import type { ContextEntries, ContextEntry, ContextFiles } from '../contract.js';

/** A file or link as it is offered to the engine, or a folder. */
export type SyncItem = ContextEntry | SyncFolder;

export interface SyncFolder {
  readonly path: string;
  readonly mode: 'folder';
}

/** By their numbers, which are those that the engine asks for. */
export interface SyncItems extends Iterable<SyncItem> {
  readonly length: number;
  at(number: number): SyncItem | undefined;
}

/**
 * A context's files and all folders above them, in the order that BuildKit's file sync wants: depth first, siblings by the bytes of their
 * names. Only the order is held beside the context.
 */
export function syncItems({ entries, folders: empty = [] }: Pick<ContextFiles, 'entries' | 'folders'>): SyncItems {
  const folders = foldersOf(entries, empty);
  const itemAt = (position: number): SyncItem =>
    entries.at(position) ?? { path: folders[position - entries.length]?.path ?? '', mode: 'folder' };
  const order = inOrder(withFolders(entries.length, folders), (position) => itemAt(position).path);
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

function foldersOf(entries: ContextEntries, empty: readonly string[]): readonly Folder[] {
  const folders: Folder[] = [];
  const known = new Set(['']);
  const add = (path: string, before: number): void => {
    if (known.has(path)) return;
    known.add(path);
    add(parentOf(path), before);
    folders.push({ path, before });
  };
  for (const path of empty) add(path, 0);
  let position = 0;
  for (const { path } of entries) {
    add(parentOf(path), position);
    position += 1;
  }
  return folders;
}

/** Positions of all entries, and behind those of the folders, each folder before what is in it. */
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

/** Nearly always they are in order already; sorting takes several times the room of the positions. */
function inOrder(positions: Uint32Array, pathAt: (position: number) => string): Uint32Array {
  // JavaScript's own order is that of the bytes but for what lies beyond the surrogates; bytes cost ten times as much.
  const compare = (one: string, other: string) =>
    beyond.test(one) || beyond.test(other) ? byBytes(one, other) : byUnits(one, other);
  let last: string | null = null;
  for (const position of positions) {
    const path = pathAt(position);
    if (last !== null && compare(last, path) > 0) return positions.sort((a, b) => compare(pathAt(a), pathAt(b)));
    last = path;
  }
  return positions;
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

const beyond = /[\ud800-\uffff]/;

/** With `/` for the lowest byte of all the order is one comparison of whole paths. */
function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one.replaceAll('/', '\0')), Buffer.from(other.replaceAll('/', '\0')));
}

/** The same; nearly all items are in order already, and keys for them would take more room than they. */
function byUnits(one: string, other: string): number {
  const shorter = Math.min(one.length, other.length);
  let at = 0;
  while (at < shorter && one.charCodeAt(at) === other.charCodeAt(at)) at += 1;
  if (at === shorter) return one.length - other.length;
  if (one[at] === '/') return -1;
  return other[at] === '/' ? 1 : one.charCodeAt(at) - other.charCodeAt(at);
}
