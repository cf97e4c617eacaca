import type { ContextFiles } from '../../engine/contract.js';
import { SlipwayError } from '../../errors.js';
import { rootedPath } from '../../patterns/paths.js';

/** Paths and globs of a context, or all of it. */
export type Sources = readonly string[] | 'whole';

/** Some of a context's files. */
export interface ChosenPart {
  /** True if nothing is left out for not being read. */
  readonly everything: boolean;
  /** Numbers of the files. */
  readonly positions: Uint32Array;
  readonly files: ContextFiles;
}

/** Files that an engine asked for although our reading of the Dockerfile says that nothing reads them. */
export interface Misread {
  readonly count: number;
  /** One of them, relative to the context. */
  readonly path: string;
}

export interface OfferRequest {
  /** What the Dockerfile reads, as we read it, and its files. */
  readonly sources: Sources;
  readonly read: ChosenPart;
  /** What we expect the engine to ask for (see `DockerfileReading`). */
  readonly expected: readonly string[];
  /** Chooses files out of the whole context. Fails with `reading-stopped`. */
  readonly choose: (sources: Sources) => Promise<ChosenPart>;
  readonly pathAt: (position: number) => string | undefined;
  /** True if what the engine asks for cannot be relied on. */
  readonly isUnclear: boolean;
}

/** The whole context of a build, out of which the engine chooses. */
export interface Offer {
  /**
   * The files that an engine's `followpaths` choose; none given: all. Where it is not clear what they mean, more is offered: that is never
   * wrong.
   */
  files(asked: readonly string[]): Promise<ContextFiles>;
  /** Where the engine's requests went beyond our reading, or null. */
  misread(): Misread | null;
}

/** Whether a path has a blank where HTTP/2 loses it: at the beginning or end of a header's value. */
export const isPadded = (path: string): boolean => /^[ \t]|[ \t](?:\/|$)/.test(path);

export function createOffer({ sources, read, expected, choose, pathAt, isUnclear }: OfferRequest): Offer {
  let misread: Misread | null = null;
  const chooseOrAll = (followed: Sources) =>
    choose(followed).catch((error: unknown) => {
      if (!(error instanceof SlipwayError) || error.code !== 'reading-stopped' || followed === 'whole') throw error;
      return choose('whole');
    });
  return {
    misread: () => misread,
    async files(asked) {
      const followed = isUnclear ? 'whole' : followedSources(asked);
      if (areSame(followed, read.everything ? 'whole' : sources)) return read.files;
      const chosen = await chooseOrAll(followed);
      if (sources !== 'whole' && !isUnclear && !isExpected(asked, expected))
        misread = beyond(chosen, read, pathAt) ?? misread;
      return chosen.files;
    },
  };
}

/**
 * What the paths choose (tonistiigi/fsutil, followlinks.go `FollowLinks` and filter.go `NewFilterFS`): links on the way add their targets,
 * and each path is a pattern of `.dockerignore`. In those `**` stands for any folders, also inside of a name, and sets and escapes follow
 * other rules than in plain globs. So everything below the folder in front of them is chosen.
 */
function followedSources(asked: readonly string[]): Sources {
  const paths = asked.map((path) => {
    const segments = rootedPath(path).split('/');
    const odd = segments.findIndex((segment) => /\*\*|[[\\]|^!|^\s|\s$/.test(segment));
    return (odd < 0 ? segments : segments.slice(0, odd)).join('/');
  });
  return paths.length === 0 || paths.includes('') ? 'whole' : [...new Set(paths)];
}

function areSame(one: Sources, other: Sources): boolean {
  if (one === 'whole' || other === 'whole') return one === other;
  const known = new Set(other);
  return one.length === known.size && one.every((source) => known.has(source));
}

/** Whether the engine asks for nothing that our reading does not name as well, word by word. */
function isExpected(asked: readonly string[], expected: readonly string[]): boolean {
  const known = new Set(expected);
  if (asked.length === 0) return known.has('.');
  return asked.every((path) => known.has(rootedPath(path) || '.'));
}

function beyond(chosen: ChosenPart, read: ChosenPart, pathAt: OfferRequest['pathAt']): Misread | null {
  const isRead = new Set(read.positions);
  let count = 0;
  let first: string | undefined;
  for (const position of chosen.positions) {
    if (isRead.has(position)) continue;
    count += 1;
    first ??= pathAt(position);
  }
  return first === undefined ? null : { count, path: first };
}
