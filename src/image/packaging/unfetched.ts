import { Effort } from '../../effort.js';
import { grouped } from '../../grouped.js';
import { lfsTest, type AttributesFile } from '../../patterns/lfs-attributes.js';
import { unpack, type PackedPaths } from '../../patterns/packed-paths.js';
import { foldersAbove, joinPath, pathBelow } from '../../patterns/paths.js';
import { tryIgnore } from './auto-regions.js';
import { createSourceFilter } from './source-filter.js';

/** Some paths of a repository: all are counted, the first few are named. */
export interface FewPaths {
  readonly count: number;
  /** Repository-relative. */
  readonly first: readonly string[];
}

/** What a build reads that is not in the repository itself, so that the image gets something else. */
export interface Unfetched {
  /** Submodules: empty folders. */
  readonly submodules: FewPaths;
  /** Files in Git LFS: pointers. */
  readonly pointers: FewPaths;
}

export interface UnfetchedQuestion {
  /** Context folder, repository-relative; '' is the root. */
  readonly context: string;
  /** What the Dockerfile reads from the context. */
  readonly sources: readonly string[] | 'whole';
  /** Text of the .dockerignore in force, or null. */
  readonly ignore: string | null;
  /** A folder of the repository that the build does not see, or null. */
  readonly hidden: string | null;
  readonly submodules: PackedPaths;
  readonly attributes: readonly AttributesFile[];
  /** All files of the commit; none if no attributes name LFS. */
  readonly files: PackedPaths;
}

/** Names of one warning. */
const MAX_NAMED = 5;

/** Characters of each. */
const MAX_SHOWN_CHARACTERS = 300;

export const noPaths: FewPaths = { count: 0, first: [] };
export const nothingUnfetched: Unfetched = { submodules: noPaths, pointers: noPaths };

export function fewPaths(paths: Iterable<string>): FewPaths {
  const first: string[] = [];
  let count = 0;
  for (const path of paths) {
    if (count < MAX_NAMED) first.push(path);
    count += 1;
  }
  return { count, first };
}

/**
 * Finds the submodules and LFS files among what a Dockerfile reads, as far as names and `.gitattributes` tell: no content is read. Symbolic
 * links are not followed. Pure. Fails with `reading-stopped`.
 */
export function findUnfetched(question: UnfetchedQuestion): Unfetched {
  const { context, sources, ignore, hidden, submodules, attributes, files } = question;
  const effort = Effort.forPaths(files.length + submodules.length);
  const reads = sources === 'whole' ? () => true : createSourceFilter(sources, effort);
  const isIgnored = tryIgnore(ignore ?? '', effort);
  const insideOf = (path: string) =>
    hidden !== null && pathBelow(hidden, path) !== null ? null : pathBelow(context, path);
  const isRead = (path: string): boolean => {
    const inside = insideOf(path);
    return inside !== null && reads(inside) && !isIgnored(inside);
  };
  const below = sources === 'whole' ? new Set<string>() : new Set(sources.flatMap(foldersAbove));
  const isReadFolder = (folder: string): boolean => {
    if (pathBelow(folder, context) !== null) return true;
    const inside = insideOf(folder);
    return inside !== null && (below.has(inside) || reads(inside)) && !isIgnored(inside);
  };
  const isLfs = lfsTest(attributes, effort);
  return {
    submodules: fewPaths(filter(unpack(submodules), isReadFolder)),
    pointers: isLfs === null ? noPaths : fewPaths(filter(unpack(files), (path) => isLfs(path) && isRead(path))),
  };
}

function* filter(paths: Iterable<string>, wanted: (path: string) => boolean): Generator<string> {
  for (const path of paths) if (wanted(path)) yield path;
}

/** The same below a folder. */
export const within = (folder: string, { count, first }: FewPaths): FewPaths => ({
  count,
  first: first.map((path) => joinPath(folder, path)),
});

/** At most one sentence of each kind. Decisions and builds say the same. */
export function unfetchedSentences({ submodules, pointers }: Unfetched): readonly string[] {
  const [submodule] = submodules.first;
  const [pointer] = pointers.first;
  return [
    ...(submodule === undefined
      ? []
      : submodules.count === 1
        ? [`The Dockerfile reads ${shown(submodule)}, a submodule: its folder is empty in the build.`]
        : [
            `The Dockerfile reads ${grouped(submodules.count)} submodules, whose folders are empty in the build: ${named(submodules)}.`,
          ]),
    ...(pointer === undefined
      ? []
      : pointers.count === 1
        ? [`The Dockerfile reads ${shown(pointer)}, which is in Git LFS: the build gets its pointer, not its content.`]
        : [
            `The Dockerfile reads ${grouped(pointers.count)} files that are in Git LFS: the build gets their pointers, not their contents: ${named(pointers)}.`,
          ]),
  ];
}

function named({ count, first }: FewPaths): string {
  const more = count - first.length;
  return `${first.map(shown).join(', ')}${more > 0 ? ` and ${grouped(more)} more` : ''}`;
}

const shown = (path: string): string =>
  path.length <= MAX_SHOWN_CHARACTERS ? path : `${path.slice(0, MAX_SHOWN_CHARACTERS)}…`;
