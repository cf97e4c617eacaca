import { readGlobClass } from './glob-class.js';

/** One piece of a compiled pattern. `run`: any characters but `/`; `folders`: any number of whole folders, or none; `rest`: anything. */
type Piece = { readonly kind: 'run' | 'folders' | 'rest' } | { readonly kind: 'one'; matches(char: string): boolean };

/**
 * One cleaned line of a `.dockerignore` (without `!`) as a test over whole paths, with the meaning of Docker's pattern matcher
 * (https://pkg.go.dev/github.com/moby/patternmatcher). Null where Docker refuses the pattern. No backtracking: time is at most
 * (length of the pattern × length of the path).
 */
export function compileIgnorePattern(pattern: string): ((path: string) => boolean) | null {
  const pieces = readPieces([...pattern]);
  if (pieces === null) return null;
  // Docker takes `**` + plain text as "ends with", so that `**.log` also fits `a.log`; only here is `**` not about whole folders.
  const suffix = pattern.startsWith('**') && !/[*?[\]\\]/.test(pattern.slice(2)) ? pattern.slice(2) : null;
  if (suffix !== null) return (path) => path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1));
  if (!/[*?[\]\\]/.test(pattern)) return (path) => path === pattern;
  return (path) => matchPieces(pieces, path);
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

/** Runs all possible positions in the pattern side by side over the path, one character at a time. */
function matchPieces(pieces: readonly Piece[], path: string): boolean {
  let live = new Uint8Array(pieces.length + 1);
  let next = new Uint8Array(pieces.length + 1);
  /** A `folders` piece that was reached once goes on swallowing characters up to any later `/`. */
  const swallowing = new Uint8Array(pieces.length);
  live[0] = 1;
  for (const char of path) {
    passEmpty(pieces, live, swallowing);
    next.fill(0);
    for (const [at, piece] of pieces.entries()) {
      if (piece.kind === 'folders') {
        if (char === '/' && swallowing[at]) next[at + 1] = 1;
      } else if (live[at]) {
        if (piece.kind !== 'one') {
          if (piece.kind === 'rest' || char !== '/') next[at] = 1;
        } else if (piece.matches(char)) next[at + 1] = 1;
      }
    }
    [live, next] = [next, live];
  }
  passEmpty(pieces, live, swallowing);
  return live[pieces.length] === 1;
}

/** Marks the positions behind pieces that may match nothing. */
function passEmpty(pieces: readonly Piece[], live: Uint8Array, swallowing: Uint8Array): void {
  for (const [at, { kind }] of pieces.entries()) {
    if (!live[at] || kind === 'one') continue;
    live[at + 1] = 1;
    if (kind === 'folders') swallowing[at] = 1;
  }
}
