import { grouped } from '../../grouped.js';
import type { SizedFile, Tree } from '../../git/contract.js';
import type { RunFileText } from '../../model/release.js';
import { pathBelow } from '../../patterns/paths.js';
import { MAX_RUN_FILE_BYTES } from '../../run-file/document.js';
import type { CentralTree } from './central-tree.js';
import { isLfsPointer } from './lfs-pointer.js';
import { findCentral } from './read-central.js';
import { centralFiles, type FoundRunFile, type RunFileEntry } from './run-file-search.js';

/** Bytes of a run file with all its overlays: every release keeps them. */
export const MAX_KEPT_BYTES = 1024 * 1024;

export interface RunFileSurroundings {
  readonly service: string;
  readonly tree: Tree;
  /** The state in which it was found. */
  readonly central: CentralTree;
}

/**
 * Reads what a run file and its overlays hold. A file over 256 KiB, one that is a Git LFS pointer and one that makes it more than 1 MiB
 * together are texts with a fault.
 * @throws SlipwayError the errors of the tree, and those of the central dockerfiles that may pass.
 */
export async function readRunFileTexts(
  found: FoundRunFile,
  surroundings: RunFileSurroundings,
): Promise<readonly RunFileText[]> {
  const texts: RunFileText[] = [];
  let left = MAX_KEPT_BYTES;
  for (const entry of found.entries) {
    const { environment, path } = entry;
    const read = entry.fault === null ? await readEntry(found, entry, surroundings) : { fault: entry.fault };
    const isTooMuch = 'content' in read && read.content.length > left;
    const fault = isTooMuch
      ? `${path} makes more than ${grouped(MAX_KEPT_BYTES)} bytes of run file and overlays.`
      : 'fault' in read
        ? read.fault
        : null;
    const content = fault === null && 'content' in read ? read.content : null;
    left -= content?.length ?? 0;
    texts.push({ environment, content: content?.toString('base64') ?? null, fault });
  }
  return texts;
}

type Read = { readonly content: Buffer } | { readonly fault: string };

async function readEntry(
  found: FoundRunFile,
  { path }: RunFileEntry,
  surroundings: RunFileSurroundings,
): Promise<Read> {
  if (found.source === 'central') return usable(path, await inCentral(path, surroundings));
  const { commit } = found;
  return usable(path, commit === null ? null : await surroundings.tree.follow(commit, path, MAX_RUN_FILE_BYTES));
}

async function inCentral(path: string, { service, central }: RunFileSurroundings): Promise<SizedFile | null> {
  const files = await centralFiles(service, central);
  return 'fault' in files ? null : findCentral(files, pathBelow(service, path) ?? '');
}

function usable(path: string, file: SizedFile | null): Read {
  if (file === null) return { fault: `${path} is no longer there.` };
  const { size, content } = file;
  if (content === null || size > MAX_RUN_FILE_BYTES)
    return { fault: `${path} has ${grouped(size)} bytes; the limit of a run file is ${grouped(MAX_RUN_FILE_BYTES)}.` };
  if (isLfsPointer(content)) return { fault: `${path} is in Git LFS: the commit holds a pointer, not its content.` };
  return { content };
}
