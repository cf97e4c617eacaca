import { Effort } from '../../effort.js';
import type { Pattern, Regions } from '../../model/pattern.js';
import { tryIgnore } from './auto-regions.js';
import { joinPath } from '../../patterns/paths.js';
import { createSourceFilter, isGlobSegment } from './source-filter.js';

export interface DriftRequest {
  /** As written. No included ones: every path. */
  readonly regions: Regions;
  /** Paths that count regardless of the regions. */
  readonly packaging: readonly Pattern[];
  /** Context folder, repository-relative; '' is the root. */
  readonly context: string;
  /** What the Dockerfile reads from the context. */
  readonly sources: readonly string[] | 'whole';
  /** Text of the .dockerignore in force, or null. */
  readonly ignore: string | null;
  /** All paths of the commit, in JavaScript's sort order. */
  readonly files: readonly string[];
}

export interface DriftFound {
  /** A sentence. */
  readonly message: string;
  /** The source of the Dockerfile that it is about, or null. */
  readonly source: string | null;
}

/**
 * Finds where written regions and the Dockerfile have drifted apart: a source of COPY or ADD with files in no region (changes
 * there build nothing), and an included region without a file. Files excluded by name are excluded on purpose and do not count, and an
 * exclusion may be for files that are to come. Pure. Fails with `reading-stopped`.
 */
export function drift(request: DriftRequest): readonly DriftFound[] {
  return [...sourcesOutside(request), ...emptyRegions(request)];
}

function sourcesOutside(request: DriftRequest): DriftFound[] {
  const { regions, packaging, context, sources, files } = request;
  if (regions.included.length === 0 || sources === 'whole') return [];
  const effort = Effort.forPaths(files.length);
  const isLeftOut = tryIgnore(request.ignore ?? '', effort);
  const inside = context === '' ? 0 : context.length + 1;
  const counts = (path: string) =>
    [...regions.included, ...regions.excluded, ...packaging].some((p) => p.matches(path));
  return sources.flatMap((source) => {
    const reads = createSourceFilter([source], effort);
    const lost = below(files, joinPath(context, literalPrefix(source))).filter((path) => {
      const own = path.slice(inside);
      return reads(own) && !counts(path) && !isLeftOut(own);
    });
    const [first] = lost;
    if (first === undefined) return [];
    const more = lost.length > 1 ? ` and ${lost.length - 1} more` : '';
    const message = `The Dockerfile copies ${source}, but ${first}${more} lies in no included region: changes there build nothing.`;
    return [{ message, source }];
  });
}

function emptyRegions({ regions, files }: DriftRequest): DriftFound[] {
  const empty = (pattern: Pattern) => !below(files, pattern.prefix ?? '').some((path) => pattern.matches(path));
  // An exclusion that matches nothing yet is normal.
  return regions.included
    .filter(empty)
    .map(({ text }) => ({ message: `The included region ${text} matches no file.`, source: null }));
}

/** The folders before the first glob. */
function literalPrefix(source: string): string {
  const segments = source === '.' ? [] : source.split('/');
  const glob = segments.findIndex(isGlobSegment);
  return (glob < 0 ? segments : segments.slice(0, glob)).join('/');
}

/** Those of the sorted paths that begin with the prefix. */
function below(files: readonly string[], prefix: string): readonly string[] {
  if (prefix === '') return files;
  const start = lowerBound(files, prefix);
  let end = start;
  while (end < files.length && files[end]?.startsWith(prefix) === true) end += 1;
  return files.slice(start, end);
}

function lowerBound(files: readonly string[], wanted: string): number {
  let [low, high] = [0, files.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((files[middle] ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
