import { createHash } from 'node:crypto';
import type { ContextFile } from './context-files.js';
import { joinPath } from './paths.js';
import type { ReadSelection } from './read-selection.js';
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
  readonly selection: ReadSelection;
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
export function placeDockerfile({ text, own, kept, files, folders, selection, known }: PlacingRequest): Placed {
  const inPlace = kept.find(({ path, mode }) => path === own && mode !== '120000');
  if (inPlace)
    return { files: [...files.filter((file) => file !== inPlace), inPlace], folders, dockerfile: inPlace.path };
  const name = freeName(kept);
  if (known && !selection.has(name)) return { files: [...files, dockerfileAt(name, text)], folders, dockerfile: name };
  const moved = known ? relocate(text) : null;
  if (moved === null) {
    // Nothing hides it here; under its own name it is what the author has beside the context's other files.
    const visible = own === null || kept.some(({ path }) => path === own) ? name : own;
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

function freeName(files: readonly ContextFile[]): string {
  const taken = new Set(files.map(({ path }) => path.split('/')[0]));
  let name = '.slipway.Dockerfile';
  while (taken.has(name)) name += '_';
  return name;
}
