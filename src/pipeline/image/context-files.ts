import { createReadStream } from 'node:fs';
import type { ContextEntry, ContextFiles } from '../../engine/contract.js';
import { SlipwayError } from '../../errors.js';
import type { Tree } from '../../git/contract.js';
import type { FileEntry } from '../../model.js';

/** Where bytes come from that are not a tree's. */
export type Origin =
  | { readonly kind: 'bytes'; readonly content: Buffer }
  | { readonly kind: 'file'; readonly file: string; readonly size: number };

/** By the identity of the content (`FileEntry.blob`). What is not named is the tree's. */
export type Origins = ReadonlyMap<string, Origin>;

type Opened = { entry: ContextEntry; chunks: AsyncIterable<Buffer> };

/** These files as an engine is told of them before they are sent, in the order given. */
export async function contextEntries(
  files: readonly FileEntry[],
  origins: Origins,
  tree: Tree,
): Promise<readonly ContextEntry[]> {
  const tracked = files.flatMap(({ blob }) => (origins.has(blob) ? [] : blob));
  const sizes = (await tree.sizes(tracked)).values();
  return files.map(({ path, mode, blob }) => {
    const origin = origins.get(blob);
    return { path, mode, id: blob, size: origin ? sizeOf(origin) : (sizes.next().value ?? 0) };
  });
}

const sizeOf = (origin: Origin): number => (origin.kind === 'bytes' ? origin.content.length : origin.size);

/** A context's files for an engine; contents are read when they are asked for. */
export function contextFiles(
  entries: readonly ContextEntry[],
  folders: readonly string[],
  origins: Origins,
  tree: Tree,
): ContextFiles {
  return { entries, folders, open: (wanted) => open(wanted, origins, tree) };
}

async function* open(wanted: readonly ContextEntry[], origins: Origins, tree: Tree): AsyncGenerator<Opened> {
  const tracked = wanted.flatMap(({ id }) => (origins.has(id) ? [] : id));
  const blobs = tree.blobs(tracked)[Symbol.asyncIterator]();
  try {
    for (const entry of wanted) {
      const origin = origins.get(entry.id);
      if (origin) {
        yield { entry, chunks: origin.kind === 'bytes' ? single(origin.content) : chunksOf(origin.file) };
        continue;
      }
      const next = await blobs.next();
      if (next.done === true) throw new SlipwayError('internal', `The content of ${entry.path} did not come.`);
      yield { entry, chunks: next.value.chunks };
    }
  } finally {
    await blobs.return?.();
  }
}

async function* single(content: Buffer): AsyncGenerator<Buffer> {
  if (content.length > 0) yield content;
}

async function* chunksOf(file: string): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(file)) if (Buffer.isBuffer(chunk)) yield chunk;
  } catch (error) {
    throw new SlipwayError('artifact-missing', 'The stored artifact cannot be read.', { cause: error });
  }
}
