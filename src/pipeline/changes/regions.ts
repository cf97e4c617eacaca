import type { Pattern, Regions } from '../../model.js';

/** A changed path and the text of the pattern that caught it. */
export interface CaughtPath {
  readonly path: string;
  readonly pattern: string;
}

export interface Classified {
  /** They matter to the service. */
  readonly counted: readonly CaughtPath[];
  /** An included pattern (or none given) would take them, an excluded one does not. */
  readonly excluded: readonly CaughtPath[];
  /** No included pattern takes them. */
  readonly outside: readonly string[];
}

/** What stands as the pattern of a path that counts because it is packaging. */
export const packagingPattern = '(packaging)';

/** What stands as the pattern where no included pattern is given. */
export const everyPathPattern = '(every path)';

/**
 * Sorts changed paths by whether they count: packaging always does; another path does if it matches an included pattern (none given:
 * every path) and no excluded one. Order within each list is that of `paths`.
 */
export function classify(
  paths: readonly string[],
  regions: Regions,
  isPackaging: (path: string) => boolean,
): Classified {
  const counted: CaughtPath[] = [];
  const excluded: CaughtPath[] = [];
  const outside: string[] = [];
  for (const path of paths) {
    const included = isPackaging(path) ? packagingPattern : takenBy(regions, path);
    if (included === null) {
      outside.push(path);
      continue;
    }
    const excluding = included === packagingPattern ? null : firstMatch(regions.excluded, path);
    if (excluding === null) counted.push({ path, pattern: included });
    else excluded.push({ path, pattern: excluding });
  }
  return { counted, excluded, outside };
}

function takenBy(regions: Regions, path: string): string | null {
  return regions.included.length === 0 ? everyPathPattern : firstMatch(regions.included, path);
}

function firstMatch(patterns: readonly Pattern[], path: string): string | null {
  for (const pattern of patterns) if (pattern.matches(path)) return pattern.text;
  return null;
}
