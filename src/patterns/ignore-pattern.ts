import { Effort } from '../effort.js';
import { readGlobClass } from './glob-class.js';
import { PatternSet, type Piece } from './pattern-set.js';

/** Characters that make a pattern more than a plain path. */
export const isPlainPattern = (pattern: string): boolean => !/[*?[\]\\]/.test(pattern);

/**
 * One cleaned line of a `.dockerignore` (without `!`), with the meaning of Docker's pattern matcher
 * (https://pkg.go.dev/github.com/moby/patternmatcher). Null where Docker refuses the pattern.
 */
export function readIgnorePattern(pattern: string): readonly Piece[] | null {
  // Docker takes `**` + plain text as "ends with", so that `**.log` also fits `a.log`; only here is `**` not about whole folders.
  const suffix = pattern.startsWith('**') ? pattern.slice(2) : null;
  if (suffix !== null && suffix !== '' && !suffix.startsWith('/') && isPlainPattern(suffix))
    return [{ kind: 'rest' }, ...Array.from(suffix, one)];
  return readPieces([...pattern]);
}

/** Steps of one test of one pattern. */
const MAX_STEPS = 10_000_000;

/** A pattern as a test over whole paths; null where Docker refuses it. Fails with `reading-stopped` for what takes too long. */
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
