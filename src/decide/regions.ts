import type { DerivedPattern, Pattern, Regions } from '../model/pattern.js';
import type { ChangedPaths } from './changed-paths.js';
import type { CaughtPaths, ClassifiedPaths } from './facts.js';
import { PathSet, type ReadonlyPathSet } from './path-set.js';

/** Written in the configuration or derived from the Dockerfile. */
export type RegionsInForce = Regions<Pattern | DerivedPattern>;

export const MAX_SHOWN_PATHS = 20;

/** Characters of each. Every service's decision has a copy, and a path may have 64 Ki of them. */
const MAX_SHOWN_CHARACTERS = 300;

/** What stands as the pattern of a path that counts because it is packaging. */
export const packagingPattern = '(packaging)';

/** Shown as the pattern if no included pattern is given. */
export const everyPathPattern = '(every path)';

interface Catch {
  readonly text: string;
  readonly paths: ReadonlyPathSet;
}

/**
 * Sorts changed paths by whether they count. Packaging always counts. Another path counts if it matches an included pattern (none given:
 * every path) and no excluded one. Run files that do not make the image are apart, whatever else matches them. A path is shown with the first pattern that catches it. Derived patterns must be prepared; see
 * `prepared`. `most`: how many of each kind are listed.
 */
export function classify(
  changed: ChangedPaths,
  regions: RegionsInForce,
  packaging: readonly Pattern[],
  runFiles: readonly Pattern[] = [],
  most = MAX_SHOWN_PATHS,
): ClassifiedPaths {
  const caughtBy = (catches: readonly Catch[], chosen: PathSet) => caught(catches, chosen, changed, most);
  const ofRunFiles = catchesOf(runFiles, changed);
  const every = { text: everyPathPattern, paths: changed.all };
  const included = regions.included.length === 0 ? [every] : catchesOf(regions.included, changed);
  const packed = catchesOf(packaging, changed);
  if (included.length + packed.length + ofRunFiles.length === 0 && most === MAX_SHOWN_PATHS)
    return untouchedBy(changed);
  const excluded = catchesOf(regions.excluded, changed);
  const own = { text: packagingPattern, paths: together(packed, changed) };
  const counted = together(included, changed);
  const passedOver = counted.copy();
  for (const { paths } of excluded) counted.removeAll(paths);
  counted.addAll(own.paths);
  const apart = together(ofRunFiles, changed);
  counted.removeAll(apart);
  passedOver.removeAll(counted);
  passedOver.removeAll(apart);
  const outside = changed.all.copy();
  outside.removeAll(counted);
  outside.removeAll(passedOver);
  outside.removeAll(apart);
  return {
    counted: caughtBy([own, ...included], counted),
    excluded: caughtBy(excluded, passedOver),
    outside: caughtBy([], outside),
    runFiles: caughtBy(ofRunFiles, apart),
  };
}

/** The same paths, with all of the patterns matched in advance. */
export async function prepared(
  changed: ChangedPaths,
  { included, excluded }: RegionsInForce,
  packaging: readonly Pattern[],
  runFiles: readonly Pattern[] = [],
): Promise<ChangedPaths> {
  await changed.prepare([...included, ...excluded, ...packaging, ...runFiles]);
  return changed;
}

/** The answer for services that the paths do not concern. In a repository of thousands nearly all get it, so it is made once. */
function untouchedBy(changed: ChangedPaths): ClassifiedPaths {
  const known = untouched.get(changed);
  if (known) return known;
  const outside = caught([], changed.all.copy(), changed, MAX_SHOWN_PATHS);
  const all = { counted: noneCaught, excluded: noneCaught, outside, runFiles: noneCaught };
  untouched.set(changed, all);
  return all;
}

const untouched = new WeakMap<ChangedPaths, ClassifiedPaths>();

/** The patterns that catch anything. */
function catchesOf(patterns: readonly (Pattern | DerivedPattern)[], changed: ChangedPaths): readonly Catch[] {
  const catches: Catch[] = [];
  for (const pattern of patterns) {
    const paths = changed.matchedBy(pattern);
    if (paths !== changed.none) catches.push({ text: pattern.text, paths });
  }
  return catches;
}

function together(catches: readonly Catch[], { paths: { length } }: ChangedPaths): PathSet {
  const all = PathSet.none(length);
  for (const { paths } of catches) all.addAll(paths);
  return all;
}

const noneCaught: CaughtPaths = { count: 0, first: [], patterns: [] };

const shown = (path: string): string =>
  path.length <= MAX_SHOWN_CHARACTERS ? path : `${path.slice(0, MAX_SHOWN_CHARACTERS)}…`;

/** `chosen` is used up. */
function caught(catches: readonly Catch[], chosen: PathSet, { paths }: ChangedPaths, most: number): CaughtPaths {
  const count = chosen.size;
  if (count === 0) return noneCaught;
  const first = chosen.first(most).map((position) => ({
    path: shown(paths[position] ?? ''),
    pattern: catches.find((one) => one.paths.has(position))?.text ?? '',
  }));
  const patterns: string[] = [];
  for (const { text, paths: caught } of catches) {
    if (!chosen.meets(caught)) continue;
    patterns.push(text);
    chosen.removeAll(caught);
  }
  return { count, first, patterns };
}
