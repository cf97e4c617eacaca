import { compileIgnorePattern } from './ignore-pattern.js';

type SegmentTest = (name: string) => boolean;

/** Whether a segment of a source has characters that Go's filepath.Match gives a meaning. */
export function isGlobSegment(segment: string): boolean {
  return /[*?[\\]/.test(segment);
}

/**
 * One segment of a COPY source as a test over names, with the meaning of Go's filepath.Match (https://pkg.go.dev/path/filepath#Match): a
 * file that is called exactly like the pattern is taken as well. Null where the pattern's syntax is wrong.
 */
export function compileSegment(segment: string): SegmentTest | null {
  if (!isGlobSegment(segment)) return (name) => name === segment;
  // Inside one segment `**` is no more than `*`.
  const matches = compileIgnorePattern(segment.replace(/\*{2,}/g, '*'));
  return matches && ((name) => name === segment || matches(name));
}

/**
 * Which paths of a context the sources of a Dockerfile read: a file by its path, a folder with all below it, globs by segments; `.` is
 * everything. A source whose syntax is wrong reads everything. Symbolic links are not looked through; see `selectRead`.
 */
export function createSourceFilter(sources: readonly string[]): (path: string) => boolean {
  const tests = sources.map(compileSource);
  return (path) => {
    const segments = path.split('/');
    return tests.some(
      (test) => test.length <= segments.length && test.every((matches, index) => matches(segments[index] ?? '')),
    );
  };
}

function compileSource(source: string): readonly SegmentTest[] {
  if (source === '.') return [];
  const tests = source.split('/').map(compileSegment);
  const sound = tests.filter((test) => test !== null);
  return sound.length === tests.length ? sound : [];
}
