import { createHash } from 'node:crypto';
import type { ContextFile } from './context-files.js';
import { joinPath, pathBelow } from './paths.js';
import { RELOCATED, relocate } from './relocate.js';

export interface PlacingRequest {
  readonly text: string;
  /** Path of the Dockerfile in the context; null where it is outside. */
  readonly own: string | null;
  /** The context less `.dockerignore`. */
  readonly kept: readonly ContextFile[];
  /** What of it is read. */
  readonly files: readonly ContextFile[];
  readonly folders: readonly string[];
  /** A name in the context's root that is not taken and not read; null where whatever is there is read. */
  readonly spare: string | null;
  /** Whether what is read is known; where not, instructions may read the context that the Dockerfile does not show. */
  readonly known: boolean;
}

export interface Placed {
  readonly files: readonly ContextFile[];
  readonly folders: readonly string[];
  readonly dockerfile: string;
}

/**
 * Adds the Dockerfile to a context, so that no COPY sees it that would not see it with Docker's client. That reads the Dockerfile apart
 * from the context; an engine that is sent an archive reads it out of that (and applies no `.dockerignore` to it, seen on 20.10).
 */
export function placeDockerfile({ text, own, kept, files, folders, spare, known }: PlacingRequest): Placed {
  const inPlace = kept.find(({ path, mode }) => path === own && mode !== '120000');
  if (inPlace)
    return { files: [...files.filter((file) => file !== inPlace), inPlace], folders, dockerfile: inPlace.path };
  if (spare !== null) return { files: [...files, dockerfileAt(spare, text)], folders, dockerfile: spare };
  const moved = known ? relocate(text) : null;
  if (moved === null) {
    // Nothing hides it here; under its own name it is what the author has beside the context's other files.
    const visible = own === null || kept.some(({ path }) => pathBelow(path, own) !== null) ? freeName(kept) : own;
    return { files: [...files, dockerfileAt(visible, text)], folders, dockerfile: visible };
  }
  const below = files.map((file) => ({ ...file, path: joinPath(RELOCATED, file.path) }));
  const emptied =
    files.length === 0 && folders.length === 0 ? [RELOCATED] : folders.map((folder) => joinPath(RELOCATED, folder));
  return { files: [...below, dockerfileAt('Dockerfile', moved)], folders: emptied, dockerfile: 'Dockerfile' };
}

function dockerfileAt(path: string, text: string): ContextFile {
  const content = Buffer.from(text);
  const blob = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  return { path, mode: '100644', blob, origin: { kind: 'bytes', content } };
}

/** A name that no entry of the context's root has. */
export function freeName(files: readonly ContextFile[]): string {
  const taken = new Set(files.map(({ path }) => path.split('/')[0]));
  let name = '.slipway.Dockerfile';
  while (taken.has(name)) name += '_';
  return name;
}
