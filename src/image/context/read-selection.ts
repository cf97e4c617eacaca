import type { Effort } from '../../effort.js';
import { foldersAbove, joinPath, parentOf } from '../../patterns/paths.js';
import { compileSegment, isGlobSegment } from '../packaging/source-filter.js';
import { SlipwayError } from '../../errors.js';

/** The parts of a context that a build reads. */
export interface ReadSelection {
  /** The whole context. */
  readonly everything: boolean;
  /** True if a file or folder of that path is read. */
  has(path: string): boolean;
  /** True if the folder, something above it or something below it is read. */
  reaches(folder: string): boolean;
}

/** A file or a symbolic link of a context. */
export interface Listed {
  readonly path: string;
  readonly isLink: boolean;
}

export interface SelectionRequest {
  readonly sources: readonly string[];
  /** Iterated more than once. */
  readonly entries: Iterable<Listed>;
  /** Targets of links by path, as far as known. */
  readonly targets: ReadonlyMap<string, string>;
  readonly effort: Effort;
}

/** Links whose targets are asked for: a million took 400 MB. */
const MAX_MISSING_LINKS = 50_000;

/** As many links as Linux looks through in one path. */
const MAX_LINKS = 40;

/**
 * What the sources read from a context with these files. A source that is or passes through a symbolic link reads the link and its target
 * inside the context, as BuildKit does. Links inside a copied folder stay links. Resolves with the links whose targets must be known first,
 * if any. Fails with `reading-stopped`.
 */
export function selectRead(request: SelectionRequest): ReadSelection | { readonly missing: readonly string[] } {
  const walk = new SourceWalk(request);
  for (const source of request.sources) walk.follow(source === '.' ? [] : source.split('/'));
  return walk.missing.size > 0 ? { missing: [...walk.missing] } : walk.selection();
}

type NamesByFolder = ReadonlyMap<string, ReadonlySet<string>>;

/** Folder → names in it. */
function namesIn(entries: Iterable<Listed>): NamesByFolder {
  const folders = new Map<string, Set<string>>([['', new Set()]]);
  for (const entry of entries) {
    for (let { path } = entry; path !== '';) {
      const folder = parentOf(path);
      const known = folders.get(folder);
      const names = known ?? new Set<string>();
      if (!known) folders.set(folder, names);
      names.add(path.slice(folder === '' ? 0 : folder.length + 1));
      if (known) break;
      path = folder;
    }
  }
  return folders;
}

/** The rest of a source below a folder. */
interface Step {
  readonly folder: string;
  readonly segments: readonly string[];
  readonly links: number;
}

class SourceWalk {
  /** Links whose targets are unknown. */
  readonly missing = new Set<string>();
  readonly #taken = new Set<string>();
  /** Folders in which a glob searches: a glob without a match is allowed, a missing folder is not. */
  readonly #searched = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #links = new Set<string>();
  /** Built for the first glob: most Dockerfiles of large contexts have none. */
  #names: NamesByFolder | null = null;

  constructor(private readonly request: SelectionRequest) {
    for (const { path, isLink } of request.entries) if (isLink) this.#links.add(path);
  }

  /** Follows the segments from the context's root. */
  follow(segments: readonly string[]): void {
    const open: Step[] = [{ folder: '', segments, links: 0 }];
    for (let step = open.pop(); step; step = open.pop()) for (const next of this.#next(step)) open.push(next);
  }

  selection(): ReadSelection {
    const [taken, searched] = [this.#taken, this.#searched];
    const { effort } = this.request;
    const everything = taken.has('');
    const has = (path: string): boolean => {
      effort.spend(1);
      if (everything || searched.has(path)) return true;
      for (let at = path; at !== ''; at = parentOf(at)) {
        effort.spend(at.length);
        if (taken.has(at)) return true;
      }
      return false;
    };
    const above = new Set([...taken].flatMap(foldersAbove));
    return { everything, has, reaches: (folder) => has(folder) || above.has(folder) };
  }

  #next({ folder, segments, links }: Step): readonly Step[] {
    const key = `${folder}\0${segments.join('/')}`;
    this.request.effort.spend(key.length + segments.length);
    if (links > MAX_LINKS || this.#seen.has(key)) return [];
    this.#seen.add(key);
    const [segment, ...rest] = segments;
    if (segment === undefined) {
      this.#taken.add(folder);
      return [];
    }
    if (segment === '' || segment === '.') return [{ folder, segments: rest, links }];
    if (segment === '..') return [{ folder: parentOf(folder), segments: rest, links }];
    return this.#named(folder, segment).flatMap((name) => this.#enter(joinPath(folder, name), rest, links) ?? []);
  }

  #named(folder: string, segment: string): readonly string[] {
    if (!isGlobSegment(segment)) return [segment];
    this.#searched.add(folder);
    this.#names ??= namesIn(this.request.entries);
    const names = [...(this.#names.get(folder) ?? [])];
    this.request.effort.spend(names.length);
    const matches = compileSegment(segment, this.request.effort);
    return matches ? names.filter(matches) : names;
  }

  #enter(path: string, rest: readonly string[], links: number): Step | null {
    if (!this.#links.has(path)) return { folder: path, segments: rest, links };
    this.#taken.add(path);
    const target = this.request.targets.get(path);
    if (target === undefined) {
      this.missing.add(path);
      if (this.missing.size > MAX_MISSING_LINKS)
        throw new SlipwayError('reading-stopped', `The sources are more than ${MAX_MISSING_LINKS} symbolic links.`);
      return null;
    }
    const folder = target.startsWith('/') ? '' : parentOf(path);
    return { folder, segments: [...target.split('/'), ...rest], links: links + 1 };
  }
}
