import { RE2JS } from 're2js';
import type { Effort } from '../effort.js';

/** A pattern that only a regular expression can follow. The test spends its steps; it fails with `reading-stopped`. */
export interface IgnoreRegex {
  matches(path: string, effort: Effort): boolean;
}

/** Steps for one character or repetition of an expression that is compiled. */
const COMPILE_STEPS = 20;

/**
 * Compiles a pattern of a `.dockerignore` as Docker's matcher does (https://pkg.go.dev/github.com/moby/patternmatcher): wildcards are
 * replaced, `.+()$` are escaped, and everything else goes to Go's regexp as it is. So escapes, classes, `^`, `|` and `{2}` are those of RE2.
 * Where Docker refuses the pattern: the reason.
 */
export function compileIgnoreRegex(pattern: string, effort: Effort): IgnoreRegex | { readonly fault: string } {
  effort.spend(COMPILE_STEPS * (pattern.length + repetitionsOf(pattern)));
  try {
    const regex = RE2JS.compile(`^${translated([...pattern])}$`);
    return {
      matches: (path, spent) => {
        spent.spend(25 + path.length);
        return regex.test(path);
      },
    };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { fault: error.message.replace(/^error parsing regexp: /, '') };
  }
}

/** How many copies `{n}` and `{n,m}` may make of what is before them. */
function repetitionsOf(pattern: string): number {
  let count = 0;
  for (const [, least = '0', most = ''] of pattern.matchAll(/\{(\d{1,4})(?:,(\d{0,4}))?\}/g))
    count += Math.max(Number(least), Number(most));
  return count;
}

function translated(chars: readonly string[]): string {
  let text = '';
  for (let at = 0; at < chars.length; at += 1) {
    const char = chars[at] ?? '';
    if (char === '*' && chars[at + 1] === '*') {
      at += chars[at + 2] === '/' ? 2 : 1;
      text += at + 1 >= chars.length ? '.*' : '(.*/)?';
    } else if (char === '*') text += '[^/]*';
    else if (char === '?') text += '[^/]';
    else if (char === '\\') {
      at += 1;
      text += `\\${chars[at] ?? ''}`;
    } else text += '.+()$'.includes(char) ? `\\${char}` : char;
  }
  return text;
}
