import { Effort } from '../../effort.js';
import { createIgnore } from '../../patterns/dockerignore.js';
import { unpack, type PackedPaths } from '../../patterns/packed-paths.js';
import { byBytes, foldersAbove, foldersOf, joinPath, parentOf, pathBelow, safePath } from '../../patterns/paths.js';
import { ContextNames, placeDockerfile, type Placed } from './place-dockerfile.js';
import { fewPaths, type FewPaths } from '../packaging/unfetched.js';
import { selectRead, type Listed, type ReadSelection } from './read-selection.js';

/** A context as paths: its files, its exclusions, and what the Dockerfile reads. */
export interface ContextQuestion {
  /** Files of the commit below the context, sorted by bytes. */
  readonly listed: PackedPaths;
  /** Positions of the symbolic links. */
  readonly links: readonly number[];
  /** A folder whose listed files are hidden, or null. */
  readonly hidden: string | null;
  /** Files that replace the hidden ones. */
  readonly added: readonly Listed[];
  /** Folders that are submodules. On a checkout each is an empty folder. */
  readonly submodules: readonly string[];
  /** Text of the `.dockerignore`. */
  readonly ignore: string;
  /** Path of the artifact. It replaces any file there or on the way to it. */
  readonly artifact: string | null;
  readonly sources: readonly string[] | 'whole';
  /** Targets of links by path, as far as they were asked for. */
  readonly targets: ReadonlyMap<string, string>;
  readonly dockerfile: {
    readonly text: string;
    /** Its path in the context, or null if it is outside. */
    readonly own: string | null;
  };
}

export interface SelectedContext {
  /** True if there is no file and never was. */
  readonly isEmpty: boolean;
  /** True if nothing may be left out for not being read. */
  readonly everything: boolean;
  /** Sorted by bytes. The listed files come first in the numbering, then the added files, then the artifact. */
  readonly positions: Uint32Array;
  /** Folders that stay although their contents do not. */
  readonly folders: readonly string[];
  /** Submodules that are read, and so are empty folders. Relative to the context. */
  readonly submodules: FewPaths;
  readonly placed: Placed;
}

export interface MissingTargets {
  readonly missing: readonly string[];
}

/** Runs `selectContext` with a deadline. */
export type SelectContext = (question: ContextQuestion) => Promise<SelectedContext | MissingTargets>;

/**
 * Selects the files of a context to send. All paths are relative to the context. Pure.
 * @throws SlipwayError `dockerfile-invalid` for a `.dockerignore` that Docker refuses or that is over the limits, `unsafe-path` for a name
 * that leaves its folder, `reading-stopped`.
 */
export function selectContext(question: ContextQuestion): SelectedContext | MissingTargets {
  const effort = Effort.forPaths(question.listed.length);
  const context = new Context(question, effort);
  const { text, own } = question.dockerfile;
  const names = new ContextNames(own);
  for (const entry of context.kept()) names.see(entry);
  const spare = names.freeName();
  const selection = whatIsRead(context, spare, question, effort);
  if ('missing' in selection) return selection;
  const positions = context.chosen(selection);
  const folders = context.emptyFolders(positions, selection);
  const placed = placeDockerfile({
    text,
    names,
    isRead: own !== null && selection.has(own),
    isEmpty: positions.length === 0,
    folders,
    spare: selection.has(spare) ? null : spare,
    known: question.sources !== 'whole',
  });
  const submodules = fewPaths(context.submodulesIn(selection));
  return { isEmpty: context.isEmpty, everything: selection.everything, positions, folders, submodules, placed };
}

const everythingRead: ReadSelection = { everything: true, has: () => true, reaches: () => true };

/** `spare`: a free name, to test whether a file there would be read. */
function whatIsRead(context: Context, spare: string, { sources, targets }: ContextQuestion, effort: Effort) {
  if (sources === 'whole') return everythingRead;
  const entries = {
    *[Symbol.iterator](): Generator<Listed> {
      yield* context.kept();
      yield { path: spare, isLink: false };
    },
  };
  return selectRead({ sources, entries, targets, effort });
}

/** Stands for the contents of a submodule, so that its folder exists; a plain checkout has none. No tree has a file of that name. */
const submoduleMarker = '.git';

interface Entry extends Listed {
  /** -1: a marker. */
  readonly position: number;
}

/** Iterates over a context by path. A listed file takes one bit. */
class Context {
  readonly #keeps: Uint8Array;
  /** Unlisted entries, sorted by bytes. */
  readonly #others: readonly Entry[];
  readonly #keptOthers: readonly Entry[];
  readonly #isLink: ReadonlySet<number>;
  #count = 0;

  constructor(
    private readonly question: ContextQuestion,
    private readonly effort: Effort,
  ) {
    const { listed, links, ignore, artifact } = question;
    this.#keeps = new Uint8Array(listed.length);
    this.#isLink = new Set(links);
    this.#others = othersOf(question);
    const ignored = createIgnore(ignore, effort);
    const isInTheWay = inTheWayOf(artifact);
    const keptOthers: Entry[] = [];
    for (const entry of this.#all()) {
      const { path, position } = entry;
      effort.spend(path.length);
      this.#count += 1;
      if (position >= 0) safePath(path);
      if (ignored(position < 0 ? parentOf(path) : path) || isInTheWay(path)) continue;
      if (position >= 0 && position < listed.length) this.#keeps[position] = 1;
      else keptOthers.push(entry);
    }
    const added = listed.length + question.added.length;
    if (artifact !== null) keptOthers.push({ path: artifact, position: added, isLink: false });
    this.#keptOthers = inOrder(keptOthers);
  }

  get isEmpty(): boolean {
    return this.#count === 0 && this.question.artifact === null;
  }

  /** The entries after `.dockerignore` and the artifact have removed theirs, markers included. */
  *kept(): Generator<Entry> {
    const { length } = this.question.listed;
    yield* merged(
      this.#listed(),
      this.#keptOthers,
      ({ position }) => position >= length || this.#keeps[position] === 1,
    );
  }

  chosen(selection: ReadSelection): Uint32Array {
    const found = new Uint32Array(this.#keeps.length + this.#keptOthers.length);
    let count = 0;
    for (const { path, position } of this.kept()) {
      if (position < 0 || !selection.has(path)) continue;
      found[count] = position;
      count += 1;
    }
    return found.slice(0, count);
  }

  /** The submodules that are read. */
  *submodulesIn(selection: ReadSelection): Generator<string> {
    for (const { path, position } of this.#keptOthers) {
      const folder = parentOf(path);
      if (position < 0 && selection.reaches(folder)) yield folder;
    }
  }

  /** Docker sends folders whose contents are all excluded, unless they are excluded themselves. */
  emptyFolders(positions: Uint32Array, selection: ReadSelection): string[] {
    const { listed, added, ignore, artifact, submodules } = this.question;
    if (positions.length === this.#count && artifact === null && submodules.length === 0) return [];
    const isChosen = new Uint8Array(listed.length + added.length + 1);
    for (const position of positions) isChosen[position] = 1;
    const chosen = { [Symbol.iterator]: () => filter(this.kept(), ({ position }) => isChosen[position] === 1) };
    const filled = foldersOf(chosen);
    const ignored = createIgnore(ignore, this.effort);
    const stays = (folder: string) => !filled.has(folder) && !ignored(folder) && selection.has(folder);
    const staying = [...foldersOf(this.#all())].filter(stays);
    if (staying.length === 0) return staying;
    const above = new Set(staying.flatMap(foldersAbove));
    const innermost = staying.filter((folder) => !above.has(folder));
    const along = new Set(innermost.flatMap((folder) => [...foldersAbove(folder), folder]));
    const files = new Set<string>();
    for (const { path } of chosen) if (along.has(path)) files.add(path);
    return innermost.filter((folder) => ![...foldersAbove(folder), folder].some((one) => files.has(one))).sort(byBytes);
  }

  /** All entries before any is removed. */
  *#all(): Generator<Entry> {
    yield* merged(this.#listed(), this.#others, () => true);
  }

  *#listed(): Generator<Entry> {
    const { listed, hidden } = this.question;
    let position = -1;
    for (const path of unpack(listed)) {
      position += 1;
      if (hidden === null || pathBelow(hidden, path) === null)
        yield { path, position, isLink: this.#isLink.has(position) };
    }
  }
}

function othersOf({ listed, added, submodules, hidden }: ContextQuestion): readonly Entry[] {
  const files = added.map((file, index) => ({ ...file, position: listed.length + index }));
  const markers = submodules
    .filter((folder) => hidden === null || pathBelow(hidden, folder) === null)
    .map((folder) => ({ path: joinPath(safePath(folder), submoduleMarker), isLink: false, position: -1 }));
  return inOrder([...files, ...markers]);
}

const inOrder = (entries: Entry[]): Entry[] => entries.sort((one, other) => byBytes(one.path, other.path));

function inTheWayOf(artifact: string | null): (path: string) => boolean {
  if (artifact === null) return () => false;
  const above = new Set([artifact, ...foldersAbove(artifact)]);
  return (path) => above.has(path) || pathBelow(artifact, path) !== null;
}

/** Merges two sorted lists. */
function* merged(
  listed: Iterable<Entry>,
  others: readonly Entry[],
  wanted: (entry: Entry) => boolean,
): Generator<Entry> {
  let next = 0;
  for (const entry of listed) {
    if (!wanted(entry)) continue;
    for (let other = others[next]; other && byBytes(other.path, entry.path) < 0; other = others[next]) {
      yield other;
      next += 1;
    }
    yield entry;
  }
  yield* others.slice(next);
}

function* filter<T>(all: Iterable<T>, wanted: (one: T) => boolean): Generator<T> {
  for (const one of all) if (wanted(one)) yield one;
}
