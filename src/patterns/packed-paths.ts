import { createTurns } from '../in-turns.js';

/** Paths as a few blocks of bytes, which are faster to send between threads than many strings and take no heap space there. */
export interface PackedPaths {
  readonly length: number;
  readonly chunks: readonly PackedChunk[];
}

/** Paths separated by NUL, which no path contains. */
interface PackedChunk {
  readonly bytes: Uint8Array;
  /** Names that are not UTF-8 contain lone surrogates, which only UTF-16 keeps. */
  readonly encoding: 'utf8' | 'utf16le';
}

const CHUNK_PATHS = 4_000;

/** Packs paths and yields to other work. */
export async function packPaths(paths: Iterable<string>): Promise<PackedPaths> {
  const nextTurn = createTurns();
  const chunks: PackedChunk[] = [];
  let chunk: string[] = [];
  let length = 0;
  for (const path of paths) {
    chunk.push(path);
    length += 1;
    if (chunk.length === CHUNK_PATHS) {
      chunks.push(packed(chunk));
      chunk = [];
    }
    const turn = nextTurn();
    if (turn) await turn;
  }
  if (chunk.length > 0) chunks.push(packed(chunk));
  return { length, chunks };
}

/** The paths of files, one at a time: an array of a million would hold up other work. */
export function* pathsOf(files: Iterable<{ readonly path: string }>): Generator<string> {
  for (const { path } of files) yield path;
}

function packed(paths: readonly string[]): PackedChunk {
  const text = paths.join('\0');
  const encoding = /\p{Surrogate}/u.test(text) ? 'utf16le' : 'utf8';
  return { bytes: Uint8Array.from(Buffer.from(text, encoding)), encoding };
}

/** The paths in order, unpacking some thousands at a time. */
export function* unpack({ chunks }: PackedPaths): Generator<string> {
  for (const { bytes, encoding } of chunks) {
    const { buffer, byteOffset, byteLength } = bytes;
    yield* Buffer.from(buffer, byteOffset, byteLength).toString(encoding).split('\0');
  }
}
