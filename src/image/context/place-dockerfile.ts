import { joinPath, pathBelow } from '../../patterns/paths.js';
import { RELOCATED, relocate } from './relocate.js';

export interface PlacingRequest {
  readonly text: string;
  readonly names: ContextNames;
  /** Whether the Dockerfile's own path is read. */
  readonly isRead: boolean;
  /** Whether no file is read. */
  readonly isEmpty: boolean;
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
  /** What to add there: a file of the context that is not read, or a text. Null where the Dockerfile is among what is read. */
  readonly added: { readonly position: number } | { readonly text: string } | null;
}

interface NamedFile {
  readonly path: string;
  readonly isLink: boolean;
  readonly position: number;
}

/** The names of a context, as far as a Dockerfile's place depends on them. `own` is the Dockerfile's path; null if it is outside. */
export class ContextNames {
  /** Position of the Dockerfile; null where there is no such file. */
  position: number | null = null;
  /** Whether its path is taken by a link, or leads through a file. */
  private isOwnTaken = false;
  private readonly spares = new Set<string>();

  constructor(readonly own: string | null) {}

  see({ path, isLink, position }: NamedFile): void {
    const { own } = this;
    if (path === own && !isLink) this.position = position;
    if (own !== null && pathBelow(path, own) !== null) this.isOwnTaken = true;
    if (path.startsWith(SPARE)) this.spares.add(path.split('/', 1)[0] ?? '');
  }

  /** A name that no entry of the context's root has. */
  freeName(): string {
    let name = SPARE;
    while (this.spares.has(name)) name += '_';
    return name;
  }

  /** Where the Dockerfile can be put: under its own name, it is what the author has beside the context's other files. */
  ownOrFreeName(): string {
    return this.own === null || this.isOwnTaken ? this.freeName() : this.own;
  }
}

const SPARE = '.slipway.Dockerfile';

/**
 * Adds the Dockerfile to a context, so that no COPY sees it that would not see it with Docker's client. That reads the Dockerfile apart
 * from the context; an engine that is sent an archive reads it out of that (and applies no `.dockerignore` to it, seen on 20.10).
 */
export function placeDockerfile(request: PlacingRequest): Placed {
  const { text, names, isRead, isEmpty, folders, spare, known } = request;
  const { own, position } = names;
  if (own !== null && position !== null)
    return { into: '', folders, dockerfile: own, added: isRead ? null : { position } };
  const beside = (path: string): Placed => ({ into: '', folders, dockerfile: path, added: { text } });
  if (spare !== null) return beside(spare);
  const moved = known ? relocate(text) : null;
  // If it cannot be moved, nothing hides it here.
  if (moved === null) return beside(names.ownOrFreeName());
  const emptied = isEmpty && folders.length === 0 ? [RELOCATED] : folders.map((folder) => joinPath(RELOCATED, folder));
  return { into: RELOCATED, folders: emptied, dockerfile: 'Dockerfile', added: { text: moved } };
}
