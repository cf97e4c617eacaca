import { Effort } from '../../effort.js';
import { SlipwayError } from '../../errors.js';
import { memoBy } from '../../memo.js';
import type { DerivedPattern, Regions } from '../../model/pattern.js';
import { createIgnore } from '../../patterns/dockerignore.js';
import { unpack, type PackedPaths } from '../../patterns/packed-paths.js';
import { compileSegment, createSourceFilter } from './source-filter.js';

/** What the Dockerfile reads from its context decides which paths count. */
export interface AutoRegionsRequest {
  /** Context folder, repository-relative; '' is the root. */
  readonly context: string;
  /** What the Dockerfile reads from the context. */
  readonly sources: readonly string[] | 'whole';
  /** Text of the .dockerignore in force, or null. */
  readonly ignore: string | null;
}

export interface RegionsQuestion extends AutoRegionsRequest {
  /** Repository-relative. */
  readonly paths: PackedPaths;
}

/** For each pattern, one byte per path: 1 if it matches. */
export interface RegionMatches {
  /** In the order of the sources. One entry for `whole`. */
  readonly included: readonly Uint8Array[];
  readonly excluded: Uint8Array;
}

/** Matches paths against the regions of a Dockerfile. Pure. Fails with `reading-stopped`. */
export function matchAutoRegions({ context, sources, ignore, paths }: RegionsQuestion): RegionMatches {
  const effort = Effort.forPaths(paths.length);
  const prefix = context === '' ? '' : `${context}/`;
  const tests = sources === 'whole' ? [() => true] : sources.map((source) => createSourceFilter([source], effort));
  const isIgnored = tryIgnore(ignore ?? '', effort);
  const included = tests.map(() => new Uint8Array(paths.length));
  const excluded = new Uint8Array(paths.length);
  let position = 0;
  for (const path of unpack(paths)) {
    if (path.startsWith(prefix)) {
      const inside = path.slice(prefix.length);
      effort.spend(tests.length);
      for (const [at, matches] of tests.entries()) if (matches(inside)) set(included[at], position);
      if (isIgnored(inside)) set(excluded, position);
    }
    position += 1;
  }
  return { included, excluded };
}

function set(bytes: Uint8Array | undefined, position: number): void {
  if (bytes) bytes[position] = 1;
}

/** Runs `matchAutoRegions` with a deadline. */
export type MatchRegions = (request: AutoRegionsRequest, paths: readonly string[]) => Promise<RegionMatches>;

/**
 * The regions that a Dockerfile itself defines: what it reads from the context, without what its .dockerignore excludes. If matching takes
 * too long, every path of the context counts.
 */
export function autoRegions(request: AutoRegionsRequest, match: MatchRegions): Regions<DerivedPattern> {
  const { context, sources, ignore } = request;
  const prefix = context === '' ? '' : `${context}/`;
  const matchOrWhole = (paths: Paths) => {
    const whole = { ...request, sources: 'whole', ignore: null } as const;
    return match(request, paths).catch((error: unknown) => {
      if (!(error instanceof SlipwayError) || error.code !== 'reading-stopped') throw error;
      return match(whole, paths);
    });
  };
  // All patterns of a service are asked about the same list, one after the other.
  const matches = memoBy((paths: Paths) => paths, matchOrWhole, new WeakMap());
  const textOf = (source: string) => prefix + (source === '.' ? '**' : source);
  const texts = sources === 'whole' ? [`${prefix}**`] : sources.map(textOf);
  const included = texts.map((text, at): DerivedPattern => {
    return {
      text,
      matchAll: async (paths) => ((all) => all[at] ?? all[0] ?? noMatches)((await matches(paths)).included),
    };
  });
  const nothing: DerivedPattern = {
    text: '(the Dockerfile reads nothing of the context)',
    matchAll: async ({ length }) => new Uint8Array(length),
  };
  const excluded = {
    text: `${prefix}.dockerignore`,
    matchAll: async (paths: Paths) => (await matches(paths)).excluded,
  };
  return { included: included.length > 0 ? included : [nothing], excluded: ignore === null ? [] : [excluded] };
}

type Paths = readonly string[];

const noMatches = new Uint8Array(0);

/** A .dockerignore that Docker refuses leaves nothing out here: the build that follows says what is wrong with it. */
export function tryIgnore(text: string, effort: Effort): (path: string) => boolean {
  try {
    return createIgnore(text, effort);
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'dockerfile-invalid') return () => false;
    throw error;
  }
}

export interface LinksQuestion {
  readonly sources: readonly string[];
  /** Paths of the context's symbolic links. */
  readonly links: PackedPaths;
}

/**
 * True if a source is, or passes through, a symbolic link of the context. It then reads files elsewhere, which no pattern over its own path
 * can match. Links inside a copied folder stay links. Fails with `reading-stopped`.
 */
export function passesThroughLink({ sources, links }: LinksQuestion): boolean {
  const effort = Effort.forPaths(links.length);
  const compiled = sources.map((source) =>
    (source === '.' ? [] : source.split('/')).map((segment) => compileSegment(segment, effort)),
  );
  for (const link of unpack(links)) {
    const names = link.split('/');
    for (const segments of compiled) {
      effort.spend(names.length);
      if (names.length > segments.length) continue;
      if (names.every((name, at) => segments[at]?.(name) ?? true)) return true;
    }
  }
  return false;
}
