import { createBreather } from '../../breathe.js';

/** Paths as few long texts, which travel between threads faster than many short ones. No path holds a NUL. */
export interface PackedPaths {
  readonly length: number;
  readonly chunks: readonly string[];
}

const PATHS_IN_CHUNK = 4_000;

/** Packs paths, and lets other work go on. */
export async function packPaths(files: Iterable<{ readonly path: string }>): Promise<PackedPaths> {
  const breathe = createBreather();
  const chunks: string[] = [];
  let chunk: string[] = [];
  let length = 0;
  for (const { path } of files) {
    chunk.push(path);
    length += 1;
    if (chunk.length === PATHS_IN_CHUNK) {
      chunks.push(chunk.join('\0'));
      chunk = [];
    }
    const pause = breathe();
    if (pause) await pause;
  }
  if (chunk.length > 0) chunks.push(chunk.join('\0'));
  return { length, chunks };
}

/** The paths in their order, some thousands unpacked at a time. */
export function* unpack({ chunks }: PackedPaths): Generator<string> {
  for (const chunk of chunks) yield* chunk.split('\0');
}
