import { createReadStream } from 'node:fs';
import { createTurns } from '../../in-turns.js';
import type { ContextEntries, ContextEntry, ContextFiles } from '../../engine/contract.js';
import { SlipwayError } from '../../errors.js';
import type { FileList, Tree } from '../../git/contract.js';
import type { FileEntry } from '../../model/file-entry.js';
import { byBytes, joinPath } from '../../patterns/paths.js';

/** Where bytes come from if not from the tree. */
export type Origin =
  | { readonly kind: 'bytes'; readonly content: Buffer }
  | { readonly kind: 'file'; readonly file: string; readonly size: number };

/** By content identity (`FileEntry.blob`). All others come from the tree. */
export type Origins = ReadonlyMap<string, Origin>;

type Opened = { entry: ContextEntry; chunks: AsyncIterable<Buffer> };

/** Describes files to an engine before they are sent, in the given order. */
export async function contextEntries(files: FileList, origins: Origins, tree: Tree): Promise<ContextEntries> {
  const trackedSizes = (await tree.sizes({ [Symbol.iterator]: () => trackedIn(files, origins) })).values();
  const sizes = new Float64Array(files.length);
  const nextTurn = createTurns();
  let position = 0;
  for (const { blob } of files) {
    const origin = origins.get(blob);
    sizes[position] = origin ? sizeOf(origin) : (trackedSizes.next().value ?? 0);
    position += 1;
    const turn = nextTurn();
    if (turn) await turn;
  }
  return madeWhenAsked(files.length, (position) => {
    const file = files.at(position);
    return file && { path: file.path, mode: file.mode, id: file.blob, size: sizes[position] ?? 0 };
  });
}

/** Identities of contents that come from the tree. */
function* trackedIn(files: Iterable<FileEntry>, origins: Origins): Generator<string> {
  for (const { blob } of files) if (!origins.has(blob)) yield blob;
}

const sizeOf = (origin: Origin): number => (origin.kind === 'bytes' ? origin.content.length : origin.size);

/** The same entries below a folder. */
export function movedInto(folder: string, entries: ContextEntries): ContextEntries {
  return madeWhenAsked(entries.length, (position) => {
    const entry = entries.at(position);
    return entry && { ...entry, path: joinPath(folder, entry.path) };
  });
}

/** The same entries with one more, in its place. */
export function withEntry(added: ContextEntry, entries: ContextEntries): ContextEntries {
  let place = 0;
  for (const { path } of entries) if (byBytes(path, added.path) < 0) place += 1;
  return madeWhenAsked(entries.length + 1, (position) =>
    position === place ? added : entries.at(position < place ? position : position - 1),
  );
}

function madeWhenAsked(length: number, at: (position: number) => ContextEntry | undefined): ContextEntries {
  return {
    length,
    at,
    *[Symbol.iterator]() {
      for (let position = 0; position < length; position += 1) {
        const entry = at(position);
        if (entry) yield entry;
      }
    },
  };
}

/** A context's files for an engine. Contents are read on demand. */
export function contextFiles(
  entries: ContextEntries,
  folders: readonly string[],
  origins: Origins,
  tree: Tree,
): ContextFiles {
  return { entries, folders, open: (wanted) => open(wanted, origins, tree) };
}

async function* open(wanted: ContextEntries, origins: Origins, tree: Tree): AsyncGenerator<Opened> {
  const tracked: string[] = [];
  for (const { id } of wanted) if (!origins.has(id)) tracked.push(id);
  const blobs = tree.blobs(tracked)[Symbol.asyncIterator]();
  try {
    for (const entry of wanted) {
      const origin = origins.get(entry.id);
      if (origin) {
        yield { entry, chunks: origin.kind === 'bytes' ? single(origin.content) : chunksOf(origin.file) };
        continue;
      }
      const next = await blobs.next();
      if (next.done === true) throw new SlipwayError('internal', `The content of ${entry.path} did not arrive.`);
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
