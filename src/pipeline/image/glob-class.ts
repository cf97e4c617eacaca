/** A character class such as `[^a-z]`, read from `start` (at the `[`): what it matches and where it ends. */
export interface GlobClass {
  readonly next: number;
  matches(char: string): boolean;
}

/** Null where the class is empty, unclosed or has a reversed or half range: Go's filepath.Match calls that a bad pattern. */
export function readGlobClass(chars: readonly string[], start: number): GlobClass | null {
  let at = start + 1;
  const negated = chars[at] === '^';
  if (negated) at += 1;
  const ranges: (readonly [number, number])[] = [];
  while (chars[at] !== ']' || ranges.length === 0) {
    const low = readClassChar(chars, at);
    if (low === null) return null;
    let high = low;
    if (chars[low.next] === '-') {
      const end = readClassChar(chars, low.next + 1);
      if (end === null || end.code < low.code) return null;
      high = end;
    }
    ranges.push([low.code, high.code]);
    at = high.next;
  }
  return {
    next: at + 1,
    matches: (char) => {
      const code = char.codePointAt(0) ?? 0;
      return ranges.some(([low, high]) => low <= code && code <= high) !== negated;
    },
  };
}

function readClassChar(chars: readonly string[], at: number): { code: number; next: number } | null {
  let next = at;
  const first = chars[next];
  if (first === undefined || first === '-' || first === ']') return null;
  if (first === '\\') next += 1;
  const code = chars[next]?.codePointAt(0);
  return code === undefined ? null : { code, next: next + 1 };
}
