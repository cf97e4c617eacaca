import { joinPath, pathBelow } from '../../patterns/paths.js';
import { contextFolder, relocate } from './relocate.js';

export interface PlacingRequest {
  readonly text: string;
  readonly names: ContextNames;
  /** True if the Dockerfile's own path is read. */
  readonly isRead: boolean;
  /** True if no file is read. */
  readonly isEmpty: boolean;
  readonly folders: readonly string[];
  /** A free name in the context's root that is not read. Null if everything there is read. */
  readonly spare: string | null;
  /** True if it is known what is read. If not, hidden instructions may read the context. */
  readonly known: boolean;
}

export interface Placed {
  /** The folder that everything moves into. '': it stays where it is. */
  readonly into: string;
  /** The folders after the move. */
  readonly folders: readonly string[];
  /** Path of the Dockerfile. */
  readonly dockerfile: string;
  /**
   * What to add at that path: a file of the context that is not read, another text, or the Dockerfile's own bytes. Null if the Dockerfile is
   * among the files that are read.
   */
  readonly added: { readonly position: number } | { readonly text: string } | 'own' | null;
}

interface NamedFile {
  readonly path: string;
  readonly isLink: boolean;
  readonly position: number;
}

/** The names of a context that matter for placing a Dockerfile. `own` is the Dockerfile's path, or null if it is outside. */
export class ContextNames {
  /** Position of the Dockerfile, or null. */
  position: number | null = null;
  /** True if its path is a link, or leads through a file. */
  #isOwnTaken = false;
  readonly #spares = new Set<string>();

  constructor(readonly own: string | null) {}

  see({ path, isLink, position }: NamedFile): void {
    const { own } = this;
    if (path === own && !isLink) this.position = position;
    if (own !== null && pathBelow(path, own) !== null) this.#isOwnTaken = true;
    if (path.startsWith(spareName)) this.#spares.add(path.split('/', 1)[0] ?? '');
  }

  /** A name that is free in the context's root. */
  freeName(): string {
    let name = spareName;
    while (this.#spares.has(name)) name += '_';
    return name;
  }

  /** A place for the Dockerfile. Under its own name it is the file that the author has beside the other files of the context. */
  ownOrFreeName(): string {
    return this.own === null || this.#isOwnTaken ? this.freeName() : this.own;
  }
}

const spareName = '.slipway.Dockerfile';

/**
 * Adds the Dockerfile to a context so that COPY sees it only if it would with Docker's client. That client sends the Dockerfile apart from
 * the context. An engine that receives an archive reads it from there (and applies no `.dockerignore` to it, seen on 20.10).
 */
export function placeDockerfile(request: PlacingRequest): Placed {
  const { text, names, isRead, isEmpty, folders, spare, known } = request;
  const { own, position } = names;
  if (own !== null && position !== null)
    return { into: '', folders, dockerfile: own, added: isRead ? null : { position } };
  const beside = (path: string): Placed => ({ into: '', folders, dockerfile: path, added: 'own' });
  if (spare !== null) return beside(spare);
  // A text that bytes were lost from is not written again.
  const moved = known && !text.includes('\uFFFD') ? relocate(text) : null;
  // It cannot be moved, so it stays visible.
  if (moved === null) return beside(names.ownOrFreeName());
  const emptied =
    isEmpty && folders.length === 0 ? [contextFolder] : folders.map((folder) => joinPath(contextFolder, folder));
  return { into: contextFolder, folders: emptied, dockerfile: 'Dockerfile', added: { text: moved } };
}
