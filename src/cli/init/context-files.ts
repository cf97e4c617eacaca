import { Effort } from '../../effort.js';
import { SlipwayError } from '../../errors.js';
import { createSourceFilter, isGlobSegment } from '../../image/packaging/source-filter.js';
import { foldersOf, joinPath, parentOf, pathBelow } from '../../patterns/paths.js';
import { nameOf } from './find-dockerfiles.js';
import type { IndexFile } from './git.js';

/** The files of a repository, asked for what a Dockerfile reads of them. */
export interface ContextFiles {
  readonly links: readonly string[];
  has(path: string): boolean;
  isFolder(path: string): boolean;
  /** Those below the folder, relative to it. */
  below(folder: string): readonly string[];
}

export function contextFiles(files: readonly IndexFile[]): ContextFiles {
  const paths = new Set(files.map(({ path }) => path));
  const folders = foldersOf(files);
  return {
    links: files.flatMap(({ path, isLink }) => (isLink ? [path] : [])),
    has: (path) => paths.has(path),
    isFolder: (path) => path === '' || folders.has(path),
    below: (folder) => [...paths].flatMap((path) => pathBelow(folder, path) ?? []),
  };
}

/** Whether a source of COPY is a path, not a glob. */
export const isLiteral = (source: string): boolean => !source.split('/').some(isGlobSegment);

/**
 * The folder that is most probably the build context: of the service's folder and those above it, the nearest that has most of what the
 * Dockerfile copies; or the Dockerfile's own folder, if that has more.
 */
export function contextOf(path: string, own: string, sources: readonly string[], files: ContextFiles): string {
  const named = sources.filter((source) => source !== '.');
  const countIn = (folder: string) => named.filter((source) => isThere(source, folder, files)).length;
  const best = nearestContext(path, sources, files);
  return own !== path && countIn(own) > countIn(best) ? own : best;
}

function nearestContext(path: string, sources: readonly string[], files: ContextFiles): string {
  let [best, most] = [path, -1];
  // A folder of nothing but Dockerfiles is a place for them. `COPY . .` then means the repository.
  const isSource = (folder: string) =>
    folder === '' || (folder === path && files.below(folder).some((below) => !isPackaging(below)));
  for (let folder = path; ; folder = parentOf(folder)) {
    const isHere = (source: string) => (source === '.' ? isSource(folder) : isThere(source, folder, files));
    const found = sources.filter(isHere).length;
    if (found > most) [best, most] = [folder, found];
    if (folder === '' || most === sources.length) return best;
  }
}

function isThere(source: string, folder: string, files: ContextFiles): boolean {
  if (isLiteral(source)) return files.has(joinPath(folder, source)) || files.isFolder(joinPath(folder, source));
  try {
    const below = files.below(folder);
    return below.some(createSourceFilter([source], Effort.forPaths(below.length)));
  } catch (error) {
    if (error instanceof SlipwayError) return false;
    throw error;
  }
}

const isPackaging = (path: string): boolean => /dockerfile|^\.dockerignore$|compose.*\.ya?ml$/i.test(nameOf(path));
