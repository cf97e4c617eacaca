import { createReadStream } from 'node:fs';
import type { ContextEntry, ContextFiles } from '../../engine/contract.js';
import { SlipwayError } from '../../errors.js';
import type { Tree } from '../../git/contract.js';
import type { FileEntry } from '../../model.js';

/** Where the bytes of a context's file come from. */
export type Origin =
  | { readonly kind: 'tree' }
  | { readonly kind: 'bytes'; readonly content: Buffer }
  | { readonly kind: 'file'; readonly file: string; readonly size: number };

/** A file of a context; `blob` is the identity of its content. */
export interface ContextFile extends FileEntry {
  readonly origin: Origin;
}

type Opened = { entry: ContextEntry; chunks: AsyncIterable<Buffer> };

/** Sizes of the contents by blob id: what an engine is told of a file before it is sent. */
export async function sizesOf(files: readonly ContextFile[], tree: Tree): Promise<ReadonlyMap<string, number>> {
  const tracked = [...new Set(files.filter(({ origin }) => origin.kind === 'tree').map(({ blob }) => blob))];
  const sizes = await tree.sizes(tracked);
  return new Map(tracked.map((blob, index) => [blob, sizes[index] ?? 0]));
}

/** These files, in the order given, for an engine; contents are read when they are asked for. */
export function contextFiles(
  files: readonly ContextFile[],
  folders: readonly string[],
  sizes: ReadonlyMap<string, number>,
  tree: Tree,
): ContextFiles {
  const entries = files.map(({ path, mode, blob, origin }) => ({
    path,
    mode,
    id: blob,
    size: sizeIn(origin, sizes.get(blob) ?? 0),
  }));
  const origins = new Map(files.map(({ path, origin }) => [path, origin]));
  return { entries, folders, open: (wanted) => open(wanted, origins, tree) };
}

function sizeIn(origin: Origin, tracked: number): number {
  if (origin.kind === 'bytes') return origin.content.length;
  return origin.kind === 'file' ? origin.size : tracked;
}

async function* open(
  wanted: readonly ContextEntry[],
  origins: ReadonlyMap<string, Origin>,
  tree: Tree,
): AsyncGenerator<Opened> {
  const tracked = wanted.filter(({ path }) => origins.get(path)?.kind === 'tree').map(({ id }) => id);
  const blobs = tree.blobs(tracked)[Symbol.asyncIterator]();
  try {
    for (const entry of wanted) {
      const origin = origins.get(entry.path);
      if (origin === undefined) throw new SlipwayError('internal', `The context has no file ${entry.path}.`);
      if (origin.kind === 'tree') {
        const next = await blobs.next();
        if (next.done === true) throw new SlipwayError('internal', `The content of ${entry.path} did not come.`);
        yield { entry, chunks: next.value.chunks };
      } else yield { entry, chunks: origin.kind === 'bytes' ? single(origin.content) : chunksOf(origin.file) };
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
