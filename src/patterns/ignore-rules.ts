import type { Effort } from '../effort.js';
import { SlipwayError } from '../errors.js';
import { grouped } from '../grouped.js';
import { isPlainPattern, readIgnorePattern } from './ignore-pattern.js';
import type { IgnoreRegex } from './ignore-regex.js';
import { cleanPath } from './paths.js';
import type { Piece } from './pattern-set.js';

/** Bytes of a `.dockerignore`. */
export const MAX_IGNORE_BYTES = 256 * 1024;
const MAX_IGNORE_RULES = 10_000;

/** Bytes of a line that Go's bufio.Scanner, and so Docker, reads. */
const MAX_LINE_BYTES = 65_535;

export interface IgnoreRule {
  readonly exception: boolean;
  /** The cleaned pattern. */
  readonly pattern: string;
  /** Null: the rule is the path `pattern`. */
  readonly compiled: { readonly pieces: readonly Piece[] } | IgnoreRegex | null;
}

/**
 * Reads the lines of a `.dockerignore` as Docker does (https://pkg.go.dev/github.com/moby/patternmatcher/ignorefile).
 * @throws SlipwayError `dockerfile-invalid` for a line that Docker refuses, and beyond the limits; `reading-stopped` beyond the effort.
 */
export function readIgnoreRules(text: string, effort: Effort): IgnoreRule[] {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_IGNORE_BYTES) throw over(`has ${grouped(bytes)} bytes; the limit is ${grouped(MAX_IGNORE_BYTES)}`);
  const rules: IgnoreRule[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    if (raw.length * 3 > MAX_LINE_BYTES && Buffer.byteLength(raw) > MAX_LINE_BYTES)
      throw over(
        `line ${index + 1}: the line has more than ${grouped(MAX_LINE_BYTES)} bytes, which Docker does not read`,
      );
    const rule = readRule(index === 0 ? raw.replace(/^\uFEFF/, '') : raw, index, effort);
    if (rule) rules.push(rule);
    if (rules.length > MAX_IGNORE_RULES) throw over(`has more than ${grouped(MAX_IGNORE_RULES)} rules`);
  }
  return rules;
}

/** Null for a blank line or a comment. */
function readRule(raw: string, index: number, effort: Effort): IgnoreRule | null {
  const line = trimSpace(raw);
  if (raw.startsWith('#') || line === '') return null;
  const cleaned = cleanedLine(line);
  if (cleaned === '') return null;
  const exception = cleaned.startsWith('!');
  const pattern = exception ? cleaned.slice(1) : cleaned;
  if (pattern === '') throw invalid(index, line, 'nothing follows the exclamation mark');
  if (isPlainPattern(pattern)) return { exception, pattern, compiled: null };
  const compiled = readIgnorePattern(pattern, effort);
  if ('fault' in compiled) throw invalid(index, line, compiled.fault);
  return { exception, pattern, compiled };
}

/**
 * Docker cleans a line twice: when it reads the file (what follows the `!`), and when it compiles the line (the `!` with it). So `/!a` ends
 * as the exception `a`, and `/ a` as `a`.
 */
function cleanedLine(line: string): string {
  const inverted = line.startsWith('!');
  const body = inverted ? trimSpace(line.slice(1)) : line;
  const clean = body === '' ? '' : cleanPath(body);
  const relative = clean.length > 1 && clean.startsWith('/') ? clean.slice(1) : clean;
  const whole = trimSpace(inverted ? `!${relative}` : relative);
  return whole === '' ? '' : cleanPath(whole);
}

/** Unicode's White_Space, which Go's strings.TrimSpace removes. JavaScript's `trim` takes U+FEFF too, and leaves U+0085. */
const space = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

function trimSpace(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && space.test(text.charAt(start))) start += 1;
  while (end > start && space.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function invalid(index: number, line: string, why: string): SlipwayError {
  return over(`line ${index + 1}: the pattern ${JSON.stringify(line.slice(0, 200))} is refused: ${why}`);
}

const over = (what: string): SlipwayError => new SlipwayError('dockerfile-invalid', `.dockerignore ${what}.`);
