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
 * leads.
 */
export async function selectRead<E extends Listed>(
  sources: readonly string[],
  entries: readonly E[],
  target: (link: E) => Promise<string>,
): Promise<ReadSelection> {
  const walk = new SourceWalk(indexOf(entries), target);
  for (const source of sources) await walk.follow('', source === '.' ? [] : source.split('/'), 0);
  return walk.selection();
}

interface Index<E> {
  readonly files: ReadonlyMap<string, E>;
  /** Folder → names in it. */
  readonly folders: ReadonlyMap<string, ReadonlySet<string>>;
}

function indexOf<E extends Listed>(entries: readonly E[]): Index<E> {
  const files = new Map(entries.map((entry) => [entry.path, entry]));
  const folders = new Map<string, Set<string>>([['', new Set()]]);
  const add = (path: string): void => {
    const folder = parentOf(path);
    const known = folders.get(folder);
    if (!known && folder !== '') add(folder);
    const names = known ?? new Set();
    folders.set(folder, names.add(path.slice(folder === '' ? 0 : folder.length + 1)));
  };
  for (const { path } of entries) add(path);
  return { files, folders };
}

class SourceWalk<E extends Listed> {
  private readonly taken = new Set<string>();
  private readonly seen = new Set<string>();

  constructor(
    private readonly index: Index<E>,
    private readonly target: (link: E) => Promise<string>,
  ) {}

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
    const { taken } = this;
    const everything = taken.has('');
    const has = (path: string): boolean => everything || taken.has(path) || (path.includes('/') && has(parentOf(path)));
    return { everything, has };
  }

  private named(folder: string, segment: string): readonly string[] {
    if (!isGlobSegment(segment)) return [segment];
    const names = [...(this.index.folders.get(folder) ?? [])];
    const matches = compileSegment(segment);
    return matches ? names.filter(matches) : names;
  }

  private async enter(path: string, rest: readonly string[], links: number): Promise<void> {
    const file = this.index.files.get(path);
    if (file?.mode !== '120000') return this.follow(path, rest, links);
    this.taken.add(path);
    const target = await this.target(file);
    await this.follow(target.startsWith('/') ? '' : parentOf(path), [...target.split('/'), ...rest], links + 1);
  }
}
