import type { FileEntry } from '../../model.js';
import { joinPath, parentOf } from './paths.js';
import { compileSegment, isGlobSegment } from './source-filter.js';

/** What a build reads of a context. */
export interface ReadSelection {
  /** The whole context. */
  readonly everything: boolean;
  /** Whether a file or folder of that path is read. */
  has(path: string): boolean;
}

type Listed = Pick<FileEntry, 'path' | 'mode'>;

/** As many links as Linux looks through in one path. */
const LINK_LIMIT = 40;

/**
 * What the sources read of a context with these files. A source that is or passes through a symbolic link reads the link and what it
 * leads to inside the context, as BuildKit follows them; links inside a folder that is copied stay links. `target` gives where a link
 * leads; null: nowhere.
 */
export async function selectRead<E extends Listed>(
  sources: readonly string[],
  entries: Iterable<E>,
  target: (link: E) => Promise<string | null>,
): Promise<ReadSelection> {
  const walk = new SourceWalk(entries, target);
  for (const source of sources) await walk.follow('', source === '.' ? [] : source.split('/'), 0);
  return walk.selection();
}

type NamesByFolder = ReadonlyMap<string, ReadonlySet<string>>;

/** Folder → names in it. */
function namesIn(entries: Iterable<Listed>): NamesByFolder {
  const folders = new Map<string, Set<string>>([['', new Set()]]);
  const add = (path: string): void => {
    const folder = parentOf(path);
    const known = folders.get(folder);
    if (!known && folder !== '') add(folder);
    const names = known ?? new Set();
    folders.set(folder, names.add(path.slice(folder === '' ? 0 : folder.length + 1)));
  };
  for (const { path } of entries) add(path);
  return folders;
}

class SourceWalk<E extends Listed> {
  private readonly taken = new Set<string>();
  /** Folders in which a glob looks: a glob that finds nothing is no error, one whose folder is missing is. */
  private readonly searched = new Set<string>();
  private readonly seen = new Set<string>();
  private readonly links = new Map<string, E>();
  /** Made for the first glob: most Dockerfiles of large contexts have none. */
  private names: NamesByFolder | null = null;

  constructor(
    private readonly entries: Iterable<E>,
    private readonly target: (link: E) => Promise<string | null>,
  ) {
    for (const entry of entries) if (entry.mode === '120000') this.links.set(entry.path, entry);
  }

  /** Takes what the segments lead to from a folder. */
  async follow(folder: string, segments: readonly string[], links: number): Promise<void> {
    const step = `${folder}\0${segments.join('/')}`;
    if (links > LINK_LIMIT || this.seen.has(step)) return;
    this.seen.add(step);
    const [segment, ...rest] = segments;
    if (segment === undefined) this.taken.add(folder);
    else if (segment === '' || segment === '.') await this.follow(folder, rest, links);
    else if (segment === '..') await this.follow(parentOf(folder), rest, links);
    else for (const name of this.named(folder, segment)) await this.enter(joinPath(folder, name), rest, links);
  }

  selection(): ReadSelection {
    const { taken, searched } = this;
    const everything = taken.has('');
    const isBelow = (path: string): boolean =>
      everything || taken.has(path) || (path.includes('/') && isBelow(parentOf(path)));
    return { everything, has: (path) => searched.has(path) || isBelow(path) };
  }

  private named(folder: string, segment: string): readonly string[] {
    if (!isGlobSegment(segment)) return [segment];
    this.searched.add(folder);
    this.names ??= namesIn(this.entries);
    const names = [...(this.names.get(folder) ?? [])];
    const matches = compileSegment(segment);
    return matches ? names.filter(matches) : names;
  }

  private async enter(path: string, rest: readonly string[], links: number): Promise<void> {
    const link = this.links.get(path);
    if (link === undefined) return this.follow(path, rest, links);
    this.taken.add(path);
    const target = await this.target(link);
    if (target === null) return;
    await this.follow(target.startsWith('/') ? '' : parentOf(path), [...target.split('/'), ...rest], links + 1);
  }
}
