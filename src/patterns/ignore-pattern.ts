import { Effort } from '../effort.js';
import { readGlobClass } from './glob-class.js';
import { PatternSet, type Piece } from './pattern-set.js';

/** True for a pattern without special characters. */
export const isPlainPattern = (pattern: string): boolean => !/[*?[\]\\]/.test(pattern);

/**
 * Reads one cleaned line of a `.dockerignore` (without `!`) as Docker's pattern matcher does
 * (https://pkg.go.dev/github.com/moby/patternmatcher). Null if Docker refuses the pattern.
 */
export function readIgnorePattern(pattern: string): readonly Piece[] | null {
  // Docker takes `**` + plain text as "ends with": `**.log` also matches `a.log`. Only here does `**` not stand for whole folders.
  const suffix = pattern.startsWith('**') ? pattern.slice(2) : null;
  if (suffix !== null && suffix !== '' && !suffix.startsWith('/') && isPlainPattern(suffix))
    return [{ kind: 'rest' }, ...Array.from(suffix, one)];
  return readPieces([...pattern]);
}

/** Step limit for one test of one pattern. */
const MAX_STEPS = 10_000_000;

/**
 * Compiles a pattern into a test over whole paths. Null if Docker refuses it. The test fails with `reading-stopped` if it takes too long.
 */
export function compileIgnorePattern(
  pattern: string,
  effort = new Effort(MAX_STEPS),
): ((path: string) => boolean) | null {
  const pieces = readIgnorePattern(pattern);
  if (pieces === null) return null;
  if (isPlainPattern(pattern)) return (path) => path === pattern;
  const set = new PatternSet([{ index: 0, pieces }], effort);
  return (path) => set.after(set.start, path).best === 0;
}

function readPieces(chars: readonly string[]): readonly Piece[] | null {
  const pieces: Piece[] = [];
  for (let at = 0; at < chars.length;) {
    const char = chars[at] ?? '';
    if (char === '*' && chars[at + 1] === '*') {
      at += chars[at + 2] === '/' ? 3 : 2;
      pieces.push({ kind: at >= chars.length ? 'rest' : 'folders' });
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

function plainPiece(char: string): Piece {
  if (char === '*') return { kind: 'run' };
  return char === '?' ? { kind: 'one', matches: (c) => c !== '/' } : one(char);
}

function one(literal: string): Piece {
  return { kind: 'one', matches: (c) => c === literal };
}
