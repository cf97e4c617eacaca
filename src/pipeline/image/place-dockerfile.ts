import { createHash } from 'node:crypto';
import type { FileEntry } from '../../model.js';
import type { Files } from './files.js';
import { joinPath, pathBelow } from './paths.js';
import { RELOCATED, relocate } from './relocate.js';

export interface PlacingRequest {
  readonly text: string;
  /** Path of the Dockerfile in the context; null where it is outside. */
  readonly own: string | null;
  /** The context less `.dockerignore`. */
  readonly kept: Files;
  /** What of it is read. */
  readonly files: Files;
  readonly folders: readonly string[];
  /** A name in the context's root that is not taken and not read; null where whatever is there is read. */
  readonly spare: string | null;
  /** Whether what is read is known; where not, instructions may read the context that the Dockerfile does not show. */
  readonly known: boolean;
}

export interface Placed {
  /** The folder that everything which is read moves into; '': it stays where it is. */
  readonly into: string;
  /** Where the folders are then. */
  readonly folders: readonly string[];
  /** Path of the Dockerfile. */
  readonly dockerfile: string;
  /** What to add there: a file that is not read, or a text; null where the Dockerfile is among what is read. */
  readonly added: FileEntry | TextFile | null;
}

/** A file that no tree has. */
export interface TextFile extends FileEntry {
  readonly content: Buffer;
}

/**
 * Adds the Dockerfile to a context, so that no COPY sees it that would not see it with Docker's client. That reads the Dockerfile apart
 * from the context; an engine that is sent an archive reads it out of that (and applies no `.dockerignore` to it, seen on 20.10).
 */
export function placeDockerfile({ text, own, kept, files, folders, spare, known }: PlacingRequest): Placed {
  const inPlace = kept.find(({ path, mode }) => path === own && mode !== '120000');
  if (inPlace) {
    const isRead = files.find(({ path }) => path === own) !== undefined;
    return { into: '', folders, dockerfile: inPlace.path, added: isRead ? null : inPlace };
  }
  const beside = (path: string): Placed => ({ into: '', folders, dockerfile: path, added: dockerfileAt(path, text) });
  if (spare !== null) return beside(spare);
  const moved = known ? relocate(text) : null;
  if (moved === null) {
    // Nothing hides it here; under its own name it is what the author has beside the context's other files.
    return beside(own === null || kept.find(({ path }) => pathBelow(path, own) !== null) ? freeName(kept) : own);
  }
  const emptied =
    files.length === 0 && folders.length === 0 ? [RELOCATED] : folders.map((folder) => joinPath(RELOCATED, folder));
  return { into: RELOCATED, folders: emptied, dockerfile: 'Dockerfile', added: dockerfileAt('Dockerfile', moved) };
}

function dockerfileAt(path: string, text: string): TextFile {
  const content = Buffer.from(text);
  const blob = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  return { path, mode: '100644', blob, content };
}

/** A name that no entry of the context's root has. */
export function freeName(files: Files): string {
  let name = '.slipway.Dockerfile';
  while (files.find(({ path }) => pathBelow(name, path) !== null)) name += '_';
  return name;
}
