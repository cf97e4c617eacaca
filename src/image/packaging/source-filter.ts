import { Effort } from '../../effort.js';
import { compileGlob } from '../../patterns/ignore-pattern.js';

type SegmentTest = (name: string) => boolean;

/** Whether a segment of a source has characters that Go's filepath.Match gives a meaning. */
export function isGlobSegment(segment: string): boolean {
  return /[*?[\\]/.test(segment);
}

/**
 * Compiles one segment of a COPY source into a test over names. It means what Go's filepath.Match says
 * (https://pkg.go.dev/path/filepath#Match), and a file named exactly like the pattern matches too. Null if the syntax is wrong.
 */
export function compileSegment(segment: string, effort = Effort.forPaths(0)): SegmentTest | null {
  if (!isGlobSegment(segment)) return (name) => name === segment;
  // Inside one segment `**` means the same as `*`.
  const matches = compileGlob(segment.replace(/\*{2,}/g, '*'), effort);
  return matches && ((name) => name === segment || matches(name));
}

/**
 * Tests which paths of a context the sources of a Dockerfile read: a file by its path, a folder with all below it, globs by segments; `.`
 * is everything. A source with wrong syntax reads everything. Symbolic links are not followed; see `selectRead`. The test fails with
 * `reading-stopped` when all answers together exceed the effort.
 */
export function createSourceFilter(sources: readonly string[], effort = Effort.forPaths(0)): (path: string) => boolean {
  const plain = new Set(sources.filter((source) => source !== '.' && !isGlobSegment(source)));
  const globs = sources.filter((source) => !plain.has(source)).map((source) => compileSource(source, effort));
  return (path) => {
    effort.spend(path.length + globs.length);
    if (plain.size > 0 && (plain.has(path) || isBelowOne(path, plain, effort))) return true;
    if (globs.length === 0) return false;
    const segments = path.split('/');
    return globs.some(
      (test) => test.length <= segments.length && test.every((matches, index) => matches(segments[index] ?? '')),
    );
  };
}

function isBelowOne(path: string, folders: ReadonlySet<string>, effort: Effort): boolean {
  for (let slash = path.lastIndexOf('/'); slash >= 0; slash = path.lastIndexOf('/', slash - 1)) {
    effort.spend(slash + 1);
    if (folders.has(path.slice(0, slash))) return true;
    if (slash === 0) return false;
  }
  return false;
}

function compileSource(source: string, effort: Effort): readonly SegmentTest[] {
  if (source === '.') return [];
  const tests = source.split('/').map((segment) => compileSegment(segment, effort));
  const sound = tests.filter((test) => test !== null);
  return sound.length === tests.length ? sound : [];
}
