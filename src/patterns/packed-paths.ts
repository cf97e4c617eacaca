import { createBreather } from '../breathe.js';

/** Paths as a few blocks of bytes, which travel between threads faster than many texts and take no room in a thread's heap. */
export interface PackedPaths {
  readonly length: number;
  readonly chunks: readonly PackedChunk[];
}

/** Some paths with a NUL between two of them: no path holds one. */
interface PackedChunk {
  readonly bytes: Uint8Array;
  /** Names that are not UTF-8 have halves of characters, which only UTF-16 keeps. */
  readonly encoding: 'utf8' | 'utf16le';
}

const PATHS_IN_CHUNK = 4_000;

/** Packs paths, and lets other work go on. */
export async function packPaths(files: Iterable<{ readonly path: string }>): Promise<PackedPaths> {
  const breathe = createBreather();
  const chunks: PackedChunk[] = [];
  let chunk: string[] = [];
  let length = 0;
  for (const { path } of files) {
    chunk.push(path);
    length += 1;
    if (chunk.length === PATHS_IN_CHUNK) {
      chunks.push(packed(chunk));
      chunk = [];
    }
    const pause = breathe();
    if (pause) await pause;
  }
  if (chunk.length > 0) chunks.push(packed(chunk));
  return { length, chunks };
}

function packed(paths: readonly string[]): PackedChunk {
  const text = paths.join('\0');
  const encoding = /\p{Surrogate}/u.test(text) ? 'utf16le' : 'utf8';
  return { bytes: Uint8Array.from(Buffer.from(text, encoding)), encoding };
}

/** The paths in their order, some thousands unpacked at a time. */
export function* unpack({ chunks }: PackedPaths): Generator<string> {
  for (const { bytes, encoding } of chunks) {
    const { buffer, byteOffset, byteLength } = bytes;
    yield* Buffer.from(buffer, byteOffset, byteLength).toString(encoding).split('\0');
  }
}
