import { decodeName } from '../../name-bytes.js';
import type { Tree } from '../../git/contract.js';
import type { FileEntry } from '../../model/file-entry.js';
import type { Origins } from './context-files.js';
import { MAX_TARGET_BYTES } from '../dockerfile/file-limits.js';

/** The target of a link that leads nowhere because it is too long. No file has this name. */
export const nowhere = '\0';

/** Targets of links by path. Sizes are checked before anything is read. */
export async function targetsOf(
  links: readonly FileEntry[],
  origins: Origins,
  tree: Tree,
): Promise<ReadonlyMap<string, string>> {
  const targets = new Map<string, string>();
  const tracked: FileEntry[] = [];
  for (const link of links) {
    const origin = origins.get(link.blob);
    if (origin?.kind === 'bytes') targets.set(link.path, targetIn(origin.content));
    else tracked.push(link);
  }
  const sizes = await tree.sizes(tracked.map(({ blob }) => blob));
  const short = tracked.filter((_, at) => (sizes[at] ?? 0) <= MAX_TARGET_BYTES);
  for (const { path } of tracked) targets.set(path, nowhere);
  let at = 0;
  for await (const { chunks } of tree.blobs(short.map(({ blob }) => blob))) {
    const parts: Buffer[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    targets.set(short[at]?.path ?? '', decodeName(Buffer.concat(parts)));
    at += 1;
  }
  return targets;
}

const targetIn = (content: Buffer): string => (content.length > MAX_TARGET_BYTES ? nowhere : decodeName(content));
