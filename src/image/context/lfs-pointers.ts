import type { ContextEntries, ContextEntry, ContextFiles } from '../../engine/contract.js';
import { createTurns } from '../../in-turns.js';
import { isLfsPointer } from '../packaging/lfs-pointer.js';
import { fewPaths, type FewPaths } from '../packaging/unfetched.js';
import { byBytes } from '../../patterns/paths.js';

/** Sizes that a pointer may have: its first line, a SHA-256 and a size make at least 126 bytes. */
const MIN_POINTER_BYTES = 120;
const MAX_POINTER_BYTES = 1023;

/** Files whose content is read, the smallest first: nearly all pointers have 127 to 140 bytes. */
const MAX_READ_FILES = 5_000;

/** The files that are Git LFS pointers, by their content. */
export async function pointersAmong({ entries, open }: ContextFiles): Promise<FewPaths> {
  const wanted = (await smallIn(entries)).sort((one, other) => one.size - other.size).slice(0, MAX_READ_FILES);
  const found: string[] = [];
  for await (const { entry, chunks } of open(wanted)) {
    const parts: Buffer[] = [];
    for await (const part of chunks) parts.push(part);
    if (isLfsPointer(Buffer.concat(parts))) found.push(entry.path);
  }
  return fewPaths(found.sort(byBytes));
}

async function smallIn(entries: ContextEntries): Promise<ContextEntry[]> {
  const nextTurn = createTurns();
  const small: ContextEntry[] = [];
  for (const entry of entries) {
    const { mode, size } = entry;
    if (mode !== '120000' && size >= MIN_POINTER_BYTES && size <= MAX_POINTER_BYTES) small.push(entry);
    const turn = nextTurn();
    if (turn) await turn;
  }
  return small;
}
