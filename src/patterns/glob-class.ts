/** A character class such as `[^a-z]`, read from `start` (the `[`): what it matches and where it ends. */
export interface GlobClass {
  readonly next: number;
  matches(char: string): boolean;
}

/** Null if the class is empty or unclosed, or has a reversed or half range. Go's filepath.Match calls that a bad pattern. */
export function readGlobClass(chars: readonly string[], start: number): GlobClass | null {
  let at = start + 1;
  const negated = chars[at] === '^';
  if (negated) at += 1;
  const ranges: Range[] = [];
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
  const sorted = merged(ranges);
  return { next: at + 1, matches: (char) => isWithin(sorted, char.codePointAt(0) ?? 0) !== negated };
}

type Range = readonly [low: number, high: number];

/** The same ranges sorted and without overlaps, for binary search. */
function merged(ranges: readonly Range[]): readonly Range[] {
  const result: [number, number][] = [];
  for (const [low, high] of [...ranges].sort(([a], [b]) => a - b)) {
    const last = result.at(-1);
    if (last && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else result.push([low, high]);
  }
  return result;
}

function isWithin(ranges: readonly Range[], code: number): boolean {
  let [first, end] = [0, ranges.length];
  while (first < end) {
    const middle = (first + end) >>> 1;
    if ((ranges[middle]?.[1] ?? 0) < code) first = middle + 1;
    else end = middle;
  }
  return (ranges[first]?.[0] ?? Infinity) <= code;
}

function readClassChar(chars: readonly string[], at: number): { code: number; next: number } | null {
  let next = at;
  const first = chars[next];
  if (first === undefined || first === '-' || first === ']') return null;
  if (first === '\\') next += 1;
  const code = chars[next]?.codePointAt(0);
  return code === undefined ? null : { code, next: next + 1 };
}
