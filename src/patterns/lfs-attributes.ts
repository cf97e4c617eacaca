import type { Effort } from '../effort.js';
import { compileGlob } from './ignore-pattern.js';
import { pathBelow } from './paths.js';

/** A `.gitattributes` file: its folder ('' is the root) and its text. */
export interface AttributesFile {
  readonly folder: string;
  readonly text: string;
}

/** One line that says whether files go through Git LFS. */
interface Rule {
  readonly folder: string;
  /** Matches a path below the folder. */
  readonly matches: (path: string) => boolean;
  readonly isLfs: boolean;
}

/** Git ignores longer lines (https://git-scm.com/docs/gitattributes). */
const MAX_LINE_CHARACTERS = 2048;

/**
 * Tests whether a path of the repository is kept in Git LFS, as the `.gitattributes` files of its commit say (`filter=lfs`;
 * https://git-scm.com/docs/gitattributes). The last matching line counts, and a deeper file counts more. Null if no line names LFS. The test
 * fails with `reading-stopped` beyond the effort.
 */
export function lfsTest(files: readonly AttributesFile[], effort: Effort): ((path: string) => boolean) | null {
  const outermostFirst = [...files].sort((one, other) => depthOf(one.folder) - depthOf(other.folder));
  const macros = new Map<string, boolean>();
  const rules = outermostFirst.flatMap(({ folder, text }) =>
    text.split(/\r?\n/).flatMap((line) => readLine(line, folder, macros, effort) ?? []),
  );
  if (!rules.some(({ isLfs }) => isLfs)) return null;
  const lastFirst = rules.reverse();
  return (path) => {
    effort.spend(lastFirst.length);
    const rule = lastFirst.find(({ folder, matches }) => {
      const inside = pathBelow(folder, path);
      return inside !== null && matches(inside);
    });
    return rule?.isLfs ?? false;
  };
}

const depthOf = (folder: string): number => (folder === '' ? 0 : folder.split('/').length);

/** A line that says nothing about the filter gives null. `macros`: what attribute macros say of it. */
function readLine(line: string, folder: string, macros: Map<string, boolean>, effort: Effort): Rule | null {
  if (line.length > MAX_LINE_CHARACTERS) return null;
  const [, quoted, bare, rest = ''] = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"]\S*))\s+(.*)$/.exec(line) ?? [];
  const pattern = quoted === undefined ? bare : quoted.replace(/\\(["\\])/g, '$1');
  if (pattern === undefined || bare?.startsWith('#')) return null;
  const isLfs = filterOf(rest, macros);
  if (isLfs === null) return null;
  if (bare?.startsWith('[attr]')) {
    macros.set(bare.slice('[attr]'.length), isLfs);
    return null;
  }
  const matches = compilePattern(pattern, effort);
  return matches && { folder, matches, isLfs };
}

/** What a line's attributes say of the filter: true for LFS, false for another or none, null for nothing. */
function filterOf(attributes: string, macros: ReadonlyMap<string, boolean>): boolean | null {
  let isLfs: boolean | null = null;
  for (const attribute of attributes.split(/\s+/)) {
    if (/^[-!]?filter(?:=|$)/.test(attribute)) isLfs = attribute === 'filter=lfs';
    else isLfs = macros.get(attribute) ?? isLfs;
  }
  return isLfs;
}

/** A pattern without a slash matches names in any folder, another one paths. Null for a pattern that matches no file. */
function compilePattern(pattern: string, effort: Effort): ((path: string) => boolean) | null {
  if (pattern.endsWith('/') || pattern.startsWith('!')) return null;
  const segments = pattern.replace(/^\//, '').split('/').map(asGoSegment);
  const matches = compileGlob(segments.join('/'), effort);
  if (matches === null || pattern.includes('/')) return matches;
  return (path) => matches(path.slice(path.lastIndexOf('/') + 1));
}

/** Git's wildmatch and Go's filepath.Match differ in negated classes, in the names of classes and in `**` inside a name. */
function asGoSegment(segment: string): string {
  if (segment === '**') return segment;
  return segment
    .replaceAll('[[:space:]]', ' ')
    .replaceAll('[!', '[^')
    .replaceAll(/\*{2,}/g, '*');
}
