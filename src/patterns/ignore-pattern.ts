import { Effort } from '../effort.js';
import { readGlobClass } from './glob-class.js';
import { compileIgnoreRegex, type IgnoreRegex } from './ignore-regex.js';
import { PatternSet, type Piece } from './pattern-set.js';

/** True for a pattern without special characters. */
export const isPlainPattern = (pattern: string): boolean => !/[*?[\]\\]/.test(pattern);

/** What a pattern compiles to: pieces for the automaton, or a regular expression of its own. */
type CompiledIgnore = { readonly pieces: readonly Piece[] } | IgnoreRegex | { readonly fault: string };

/** Classes and escapes that mean the same to filepath.Match and to RE2. */
const usualParts = /\[\^?(?:[A-Za-z0-9_.](?:-[A-Za-z0-9_.])?)+\]|\\[ !-/:-@[-`{-~]/g;

/** Byte order mark. */
const mark = '\uFEFF';

/**
 * Reads one cleaned line of a `.dockerignore` (without `!`) as Docker's pattern matcher does
 * (https://pkg.go.dev/github.com/moby/patternmatcher). `fault`: why Docker refuses it.
 */
export function readIgnorePattern(pattern: string, effort: Effort): CompiledIgnore {
  const suffix = pattern.startsWith('**') ? pattern.slice(2) : null;
  // Docker takes `**` + plain text as "ends with": `**.log` also matches `a.log`. Only here does `**` not stand for whole folders.
  if (suffix !== null && isPlainPattern(suffix)) {
    const isFolders = suffix.startsWith('/');
    const literal = Array.from(isFolders ? suffix.slice(1) : suffix, one);
    return { pieces: [{ kind: isFolders ? 'folders' : 'rest' }, ...literal] };
  }
  if (pattern.startsWith(mark)) return readMarked(pattern, effort);
  if (pattern.endsWith('**') && isPlainPattern(pattern.slice(0, -2)))
    return { pieces: [...Array.from(pattern.slice(0, -2), one), { kind: 'rest' }] };
  if (isRefused(pattern)) return wrongSyntax;
  const pieces = readPieces([...pattern]);
  const isUsual = pieces !== null && !/[[\]\\^{|}]/.test(pattern.replace(usualParts, ''));
  return isUsual ? { pieces } : compileIgnoreRegex(pattern, effort);
}

const wrongSyntax = { fault: 'its syntax is wrong' } as const;

/**
 * Docker looks at a line's syntax by matching it with the path `.` (filepath.Match of Go), which goes no further than it matches: up to the
 * first `*` that follows something, and up to the next one if what is before that is a single sign for a dot. The rest is a matter for RE2.
 */
function isRefused(pattern: string): boolean {
  const chars = [...pattern];
  const first = chunkEnd(chars, 0);
  const pieces = readChunk(chars, 0, first);
  if (pieces === null) return true;
  const [piece, more] = pieces;
  if (piece?.kind !== 'one' || more !== undefined || !piece.matches('.')) return false;
  return readChunk(chars, first, chunkEnd(chars, first)) === null;
}

/** The end of a chunk: stars, and then all up to the next star that is in no brackets. */
function chunkEnd(chars: readonly string[], start: number): number {
  let at = afterStars(chars, start);
  for (let inBrackets = false; at < chars.length && (inBrackets || chars[at] !== '*'); at += 1) {
    if (chars[at] === '\\') at += 1;
    else if (chars[at] === '[') inBrackets = true;
    else if (chars[at] === ']') inBrackets = false;
  }
  return at;
}

const readChunk = (chars: readonly string[], start: number, end: number) =>
  readPieces(chars.slice(afterStars(chars, start), end));

function afterStars(chars: readonly string[], start: number): number {
  let at = start;
  while (chars[at] === '*') at += 1;
  return at;
}

/** Docker's scanner skips a mark before a pattern. What it takes as plain text, as a prefix or as a suffix keeps the mark. */
function readMarked(pattern: string, effort: Effort): CompiledIgnore {
  const rest = pattern.slice(mark.length);
  // The suffix begins inside the mark's bytes, so nothing ends with it.
  if (rest.startsWith('**') && isPlainPattern(rest.slice(2))) return { pieces: [nothing] };
  if (rest.endsWith('**') && isPlainPattern(rest.slice(0, -2)))
    return { pieces: [...Array.from(pattern.slice(0, -2), one), { kind: 'rest' }] };
  return isRefused(pattern) ? wrongSyntax : compileIgnoreRegex(rest, effort);
}

/** Step limit for one test of one pattern. */
const MAX_STEPS = 10_000_000;

/**
 * Compiles a pattern into a test over whole paths, with the escapes and classes of Go's filepath.Match
 * (https://pkg.go.dev/path/filepath#Match). Null for wrong syntax. The test fails with `reading-stopped` if it takes too long.
 */
export function compileGlob(pattern: string, effort = new Effort(MAX_STEPS)): ((path: string) => boolean) | null {
  const pieces = readPieces([...pattern]);
  if (pieces === null) return null;
  if (isPlainPattern(pattern)) return (path) => path === pattern;
  const set = new PatternSet([{ index: 0, pieces }], effort);
  return (path) => set.after(set.start, path).matching.length > 0;
}

function readPieces(chars: readonly string[]): readonly Piece[] | null {
  const pieces: Piece[] = [];
  for (let at = 0; at < chars.length;) {
    const char = chars[at] ?? '';
    if (char === '*' && chars[at + 1] === '*') {
      at += chars[at + 2] === '/' ? 3 : 2;
      pieces.push({ kind: at >= chars.length ? 'rest' : 'folders', inLine: true });
    } else if (char === '[') {
      const read = readGlobClass(chars, at);
      if (read === null) return null;
      pieces.push({ kind: 'one', matches: (c) => read.matches(c) });
      at = read.next;
    } else {
      const escaped = char === '\\';
      const literal = escaped ? chars[at + 1] : char;
      if (literal === undefined) return null;
      pieces.push(escaped ? one(literal) : plainPiece(literal));
      at += escaped ? 2 : 1;
    }
  }
  return pieces;
}

const nothing: Piece = { kind: 'one', matches: () => false };

function plainPiece(char: string): Piece {
  if (char === '*') return { kind: 'run' };
  return char === '?' ? { kind: 'one', matches: (c) => c !== '/' } : one(char);
}

function one(literal: string): Piece {
  return { kind: 'one', matches: (c) => c === literal };
}
