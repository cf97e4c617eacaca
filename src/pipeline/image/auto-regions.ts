import { SlipwayError } from '../../errors.js';
import type { Pattern, Regions } from '../../model.js';
import { createIgnore } from './dockerignore.js';
import { compileSegment, createSourceFilter } from './source-filter.js';

export interface AutoRegionsRequest {
  /** Context folder, repository-relative; '' is the root. */
  readonly context: string;
  /** What the Dockerfile reads of the context. */
  readonly sources: readonly string[] | 'whole';
  /** Text of the .dockerignore in force; null where there is none. */
  readonly ignore: string | null;
}

/** The regions that a Dockerfile itself states: what it reads of the context, less what its .dockerignore leaves out. */
export function autoRegions({ context, sources, ignore }: AutoRegionsRequest): Regions {
  const prefix = context === '' ? '' : `${context}/`;
  const inContext = (path: string) => (path.startsWith(prefix) ? path.slice(prefix.length) : null);
  const pattern = (text: string, matches: (inside: string) => boolean): Pattern => ({
    text,
    prefix,
    matches(path) {
      const inside = inContext(path);
      return inside !== null && matches(inside);
    },
  });
  const included =
    sources === 'whole'
      ? [pattern(`${prefix}**`, () => true)]
      : sources.map((source) => pattern(prefix + (source === '.' ? '**' : source), createSourceFilter([source])));
  const nothing: Pattern = { text: '(the Dockerfile reads nothing of the context)', matches: () => false };
  return {
    included: included.length > 0 ? included : [nothing],
    excluded: ignore === null ? [] : [pattern(`${prefix}.dockerignore`, tryIgnore(ignore))],
  };
}

/** A .dockerignore that Docker refuses leaves nothing out here: the build that follows says what is wrong with it. */
export function tryIgnore(text: string): (path: string) => boolean {
  try {
    return createIgnore(text);
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'dockerfile-invalid') return () => false;
    throw error;
  }
}

/**
 * Whether a source is, or passes through, one of these symbolic links of the context: what it reads then lies elsewhere, and no pattern
 * over its own path shows that. Links inside a folder that is copied stay links.
 */
export function passesThroughLink(sources: readonly string[], links: readonly string[]): boolean {
  return sources.some((source) => {
    const segments = source === '.' ? [] : source.split('/');
    return links.some((link) => {
      const names = link.split('/');
      return (
        names.length <= segments.length && names.every((name, at) => compileSegment(segments[at] ?? '')?.(name) ?? true)
      );
    });
  });
}
